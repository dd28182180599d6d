"""The bare reference for the burst bench: telemetry as in ingest.py, alarms on a connection of their own in the same loop.

alarm.py DSN [--port 1883]: a row and a receipt for each alarm, both connections with TCP_NODELAY, nothing judged.
"""
import argparse, asyncio, json, socket

import aiomqtt, asyncpg, uvloop

import ingest

SCHEMA = "CREATE TABLE IF NOT EXISTS bench_alarm (message_id text PRIMARY KEY, topic text, payload bytea)"


async def alarms(dsn, port):
    conn, queue = await asyncpg.connect(dsn), ingest.Drain()
    await conn.execute(SCHEMA)
    client = aiomqtt.Client("127.0.0.1", port, identifier="bench-reference-alarm", clean_session=False, queue_type=lambda maxsize: queue,
                            socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)])
    client._client.manual_ack_set(True)
    async with client:
        await client.subscribe("yl/v1/+/alarm", qos=1)
        while True:
            for m in [await queue.get(), *queue.batch(1_000)]:
                said, device = json.loads(m.payload), str(m.topic).split("/")[2]
                await conn.execute("INSERT INTO bench_alarm VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", said["id"], str(m.topic), m.payload)
                client._client.publish(f"yl/v1/{device}/receipt", json.dumps({"id": said["id"], "result": "accepted"}), 1)
                client._client.ack(m.mid, m.qos)


async def main(dsn, port):
    await asyncio.gather(alarms(dsn, port), ingest.main(dsn, port, "yl/v1/+/telemetry"))


if __name__ == "__main__":
    a = argparse.ArgumentParser(); a.add_argument("dsn"); a.add_argument("--port", type=int, default=1883)
    a = a.parse_args(); uvloop.run(main(a.dsn, a.port))
