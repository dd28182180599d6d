-- The values of further devices (devices/data/metrics.toml), and messages that come over HTTP.

INSERT INTO ingest.metric (id, name) VALUES
  (25, 'spo2'), (26, 'systolic'), (27, 'diastolic'), (28, 'blood_glucose'), (29, 'body_temperature'),
  (30, 'weight'), (31, 'co2'), (32, 'pm25'), (33, 'pm10'), (34, 'voc'), (35, 'formaldehyde'), (36, 'co_level'),
  (37, 'gas_level'), (38, 'pressure'), (39, 'noise'), (40, 'apnoea'), (41, 'lead_off'), (42, 'snoring'),
  (43, 'asleep'), (44, 'sleep_stage'), (45, 'body_moved'), (46, 'turned'), (47, 'heart_rate_variability'),
  (48, 'stress'), (49, 'medicine_taken'), (50, 'medicine_missed'), (51, 'lid_open'), (52, 'heat'),
  (53, 'battery_low'), (54, 'fault'), (55, 'switched_on'), (56, 'power'), (57, 'energy'), (58, 'current'),
  (59, 'water_used'), (60, 'flow'), (61, 'signal'), (62, 'snr'), (63, 'accuracy_m'), (64, 'speed'), (65, 'course'),
  (66, 'altitude'), (67, 'satellites'), (68, 'people'), (69, 'distance'), (70, 'vibration'), (71, 'locked'),
  (72, 'charging'), (73, 'calories'), (74, 'device_temperature'), (75, 'uptime'), (76, 'sound');
