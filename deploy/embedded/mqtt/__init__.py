"""A small MQTT 3.1.1 broker for one machine.

The library brokers that were tried lose what this product promises to keep: amqtt forgets a QoS 1 message
five seconds after sending it or when its reader dies, deletes a session before it has checked the password,
and never notices a dead peer; rumqttd has no topic rules. A cluster runs Mosquitto or EMQX instead.
"""
