"""PostgreSQL and the MQTT broker as child processes of `yinling up`, on loopback."""
