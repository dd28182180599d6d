-- make_visit --
-- A visit offered to the caregiver. $1 id $2 district $3 elder $4 bed $5 now $6 provider $7 caregiver
INSERT INTO visit (id, district_id, elder_id, care_bed_id, service, state, window_start, window_end, minutes, provider_id, caregiver_id,
                   wanted_at)
VALUES ($1, $2, $3, $4, 'meal', 'offered', $5, $5, 30, $6, $7, $5)

-- make_scheme --
-- A scheme. $1 id $2 district $3 from $4 now
INSERT INTO scheme (id, district_id, code, version, name, scale, effective_from, body, sha256, created_at)
VALUES ($1, $2, 'visits', 1, 's', 'gbt_42195', $3, E'code = "visits"\nversion = 1\nname = "s"\nname_en = "s"\ndistrict = "370503"\n'
        'effective_from = 2026-11-01\nscale = "gbt_42195"\nservices = ["bath"]\n[rates]\nmild = "200.00"\n', '', $4)

-- make_statement --
-- A statement. $1 id $2 district $3 provider $4 month $5 now
INSERT INTO statement (id, district_id, provider_id, month, state, created_at) VALUES ($1, $2, $3, $4, 'draft', $5)

-- make_claim --
-- A claim. $1 id $2 district $3 visit $4 statement $5 elder $6 provider $7 month $8 now
INSERT INTO claim (id, district_id, visit_id, statement_id, elder_id, provider_id, service, service_on, month, units, unit, unit_price,
                   amount, subsidy, copay, grade, explanation, started_at, created_at)
VALUES ($1, $2, $3, $4, $5, $6, 'meal', $7, $7, 1, 'visit', 15, 15, 0, 15, 'mild', '[]', $8, $8)

-- make_assessment --
-- An assessment that waits for its second signature. $1 id $2 district $3 elder $4 day $5 assessor
INSERT INTO assessment (id, district_id, elder_id, rules, items, score, grade, explanation, reason, assessed_on, assessor_1)
VALUES ($1, $2, $3, 'gbt_42195_2022', '{}', 90, 'intact', '[]', 'first', $4, $5)

-- make_dead_letter --
-- A message that nobody understood. $1 id $2 now $3 district $4 sealed
INSERT INTO ingest.dead_letter (id, received_at, topic, district_id, reason, payload_sealed, size)
VALUES ($1, $2, 't', $3, 'not_json', $4, 2)

-- make_unknown_device --
-- A device that nobody knows. $1 id $2 now $3 district $4 hub
INSERT INTO ingest.unknown_device (id, first_seen_at, last_seen_at, district_id, hub_id, ecosystem, address)
VALUES ($1, $2, $2, $3, $4, 'zigbee2mqtt', 'a')

-- make_alarm_rule --
-- A change of a rule. $1 id $2 district $3 now
INSERT INTO alarm_rule (id, district_id, rule, params, valid_from) VALUES ($1, $2, 'no_motion', '{"hours": 5}', $3)

-- make_rule_proposal --
-- A change that somebody may approve. $1 id $2 district $3 now
INSERT INTO rule_proposal (id, district_id, rule, params, effect, proposed_at) VALUES ($1, $2, 'no_motion', '{"hours": 5}', '{}', $3)

-- make_incident_case --
INSERT INTO care_case (id, district_id, class, type, severity, state, opened_at, last_alarm_at, policy)
VALUES ($1, $2, 'technical', 'power_cut', 2, 'raised', $3, $3, '{"steps": [{"audience": "operators", "wait_seconds": 60}]}')

-- make_incident --
INSERT INTO incident (id, district_id, cause, scope, lat, lon) VALUES ($1, $2, 'power', 'building', 37.886, 118.526)

-- make_incident_member --
INSERT INTO incident_member (incident_id, elder_id, district_id, home_id, care_bed_id, joined_at) VALUES ($1, $2, $3, $4, $5, $6)

-- make_shift --
-- A shift that is over. $1 id $2 district $3 caregiver $4 now
INSERT INTO shift (id, district_id, caregiver_id, starts_at, ends_at)
VALUES ($1, $2, $3, $4::timestamptz - interval '30 hours', $4::timestamptz - interval '22 hours')

-- make_shift_pattern --
-- A pattern that has ended. $1 id $2 district $3 caregiver $4 day $5 now
INSERT INTO shift_pattern (id, district_id, caregiver_id, weekdays, starts, minutes, valid_from, valid_to, created_at)
VALUES ($1, $2, $3, '{1}', '08:00', 480, $4, $4, $5)

-- make_leave --
-- Leave that has been refused. $1 id $2 district $3 caregiver $4 now
INSERT INTO leave (id, district_id, caregiver_id, kind, starts_at, ends_at, state, asked_at, decided_at)
VALUES ($1, $2, $3, 'annual', $4, $4::timestamptz + interval '1 day', 'refused', $4, $4)

-- make_colleague --
-- Another caregiver of the provider. $1 id $2 district $3 provider $4 now
INSERT INTO caregiver (id, district_id, provider_id, name, gender, skills, lat, lon, created_at)
VALUES ($1, $2, $3, 'colleague', 'male', '{}', 37.8, 118.5, $4)

-- make_swap --
-- A swap that was withdrawn. $1 id $2 district $3 shift $4 giver $5 taker $6 now
INSERT INTO swap (id, district_id, shift_id, giver_id, taker_id, starts_at, ends_at, state, offered_at, answered_at)
VALUES ($1, $2, $3, $4, $5, $6, $6, 'withdrawn', $6, $6)

-- make_wish --
-- A wish. $1 id $2 district $3 elder $4 caregiver $5 day $6 now
INSERT INTO elder_wish (id, district_id, elder_id, kind, caregiver_id, wished_by, since, created_at)
VALUES ($1, $2, $3, 'prefer', $4, 'elder', $5, $6)

-- make_correction --
-- A correction that waits. $1 id $2 district $3 visit $4 who asked $5 now
INSERT INTO visit_correction (id, district_id, visit_id, reason, before, wanted, state, asked_by, asked_at)
VALUES ($1, $2, $3, 'wrong_time', '{}', '{}', 'asked', $4, $5)

-- make_coverage --
-- What a provider covers. $1 id $2 district $3 provider $4 day
INSERT INTO coverage (id, district_id, provider_id, region_code, valid_from) VALUES ($1, $2, $3, '370503', $4)
