-- Technical alarms: one case a device, which ends by itself when the fault does; one incident for what a building loses together.

ALTER TABLE care_case ADD COLUMN device_id uuid REFERENCES device, ADD COLUMN incident_id uuid REFERENCES care_case,
  ADD COLUMN restored_at timestamptz;
COMMENT ON COLUMN care_case.device_id IS 'of a technical case: the device whose alarms it takes, however old it is';
COMMENT ON COLUMN care_case.incident_id IS 'the incident that explains a technical case; while it is open, the case is not listed by itself';
COMMENT ON COLUMN care_case.restored_at IS 'since when the device says that what it was about is over; an alarm takes it back';
ALTER TABLE care_case DROP CONSTRAINT care_case_outcome_check, ADD CONSTRAINT care_case_outcome_check CHECK (
  outcome IN ('assisted', 'reassured', 'hospital', 'police_fire', 'no_answer', 'false_alarm', 'test', 'other', 'restored', 'merged'));
CREATE INDEX care_case_device ON care_case (device_id, opened_at) WHERE device_id IS NOT NULL AND state <> 'closed';
CREATE INDEX care_case_incident ON care_case (incident_id) WHERE incident_id IS NOT NULL;
CREATE INDEX care_case_technical ON care_case (district_id, id) WHERE class = 'technical' AND state <> 'closed';

-- Technical cases that were open before belong to the device that spoke last.
DO $$
DECLARE one record;
BEGIN
  FOR one IN SELECT id FROM district LOOP
    PERFORM set_config('yinling.district', one.id::text, true);
    UPDATE care_case c SET device_id = (SELECT a.device_id FROM case_alarm l JOIN alarm a ON a.id = l.alarm_id
                                        WHERE l.case_id = c.id ORDER BY a.received_at DESC, a.id DESC LIMIT 1)
    WHERE c.class = 'technical' AND c.state <> 'closed';
  END LOOP;
  PERFORM set_config('yinling.district', '', true);
END $$;

CREATE TABLE incident (
  id uuid PRIMARY KEY REFERENCES care_case,
  district_id uuid NOT NULL REFERENCES district,
  cause text NOT NULL CHECK (cause IN ('power', 'network')),
  scope text NOT NULL CHECK (scope IN ('building', 'community')),
  region_code text REFERENCES region,
  lat double precision NOT NULL,
  lon double precision NOT NULL
);
COMMENT ON TABLE incident IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN incident.id IS 'the technical case that carries its state, its timeline and who has it';
COMMENT ON COLUMN incident.lat IS 'of the home that lost cover first';
SELECT guard_district('incident');

CREATE TABLE incident_member (
  incident_id uuid NOT NULL REFERENCES incident,
  elder_id uuid NOT NULL REFERENCES elder,
  district_id uuid NOT NULL REFERENCES district,
  home_id uuid NOT NULL REFERENCES home,
  care_bed_id uuid REFERENCES care_bed,
  joined_at timestamptz NOT NULL,
  restored_at timestamptz,
  called_at timestamptz,
  called_by uuid REFERENCES account,
  call_result text,
  PRIMARY KEY (incident_id, elder_id)
);
COMMENT ON TABLE incident_member IS 'owner: dispatch; retention: 10 years';
COMMENT ON COLUMN incident_member.restored_at IS 'since when nothing of the home is cut off any more';
COMMENT ON COLUMN incident_member.call_result IS 'of the last call; every call is a line of the case''s timeline';
CREATE INDEX incident_member_home ON incident_member (home_id);
SELECT guard_district('incident_member');

-- A case as people see it, with the device of a technical one and what an incident is about.
CREATE OR REPLACE VIEW case_shown WITH (security_invoker = true) AS
SELECT c.id, c.district_id, c.class, c.type, c.severity, c.state, c.opened_at, c.last_alarm_at, c.claimed_by, c.claimed_at,
       c.resolved_at, c.closed_by, c.closed_at, c.outcome, c.false_alarm, c.policy, c.step, c.escalate_at, c.lowered_until,
       c.elder_id, e.name AS elder_name, e.gender AS elder_gender, e.born_on, e.lives_alone, e.languages, e.conditions,
       c.care_bed_id, b.label AS care_bed_label, h.id AS home_id, h.lat, h.lon, h.region_code,
       g.grade, coalesce(array_position('{total,severe,moderate,mild,intact}'::text[], g.grade), 6) AS grade_rank,
       a.name AS claimed_by_name, z.name AS closed_by_name, n.alarms,
       v.id AS visit_id, v.state AS visit_state, v.caregiver_id, p.name AS caregiver_name, v.why,
       c.device_id, d.name AS device_name, d.thing_model AS device_model, c.restored_at, c.incident_id,
       coalesce(o.state <> 'closed', false) AS is_in_incident,
       i.cause AS incident_cause, i.scope AS incident_scope, r.name AS community, m.people, m.people_without
FROM care_case c
LEFT JOIN elder e ON e.id = c.elder_id
LEFT JOIN care_bed b ON b.id = c.care_bed_id
LEFT JOIN home h ON h.id = coalesce(b.home_id, e.home_id)
LEFT JOIN account a ON a.id = c.claimed_by
LEFT JOIN account z ON z.id = c.closed_by
LEFT JOIN LATERAL (SELECT grade FROM grade WHERE elder_id = c.elder_id AND scale = 'gbt_42195'
                   AND (c.opened_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN valid_from AND coalesce(valid_to, 'infinity')
                   LIMIT 1) g ON true
LEFT JOIN LATERAL (SELECT count(*)::int AS alarms FROM case_alarm WHERE case_id = c.id) n ON true
LEFT JOIN LATERAL (SELECT id, state, caregiver_id, why FROM visit WHERE case_id = c.id ORDER BY id DESC LIMIT 1) v ON true
LEFT JOIN caregiver p ON p.id = v.caregiver_id
LEFT JOIN device d ON d.id = c.device_id
LEFT JOIN care_case o ON o.id = c.incident_id
LEFT JOIN incident i ON i.id = c.id
LEFT JOIN region r ON r.code = coalesce(i.region_code, h.region_code)
LEFT JOIN LATERAL (SELECT count(*)::int AS people, (count(*) FILTER (WHERE restored_at IS NULL))::int AS people_without
                   FROM incident_member WHERE incident_id = i.id) m ON true;

-- A person of an incident: the grade of the day on which the cover was lost, and the home.
CREATE VIEW incident_member_shown WITH (security_invoker = true) AS
SELECT m.incident_id, m.elder_id, m.district_id, m.home_id, m.care_bed_id, m.joined_at, m.restored_at, m.called_at, m.call_result,
       a.name AS called_by_name, e.name AS elder_name, e.gender AS elder_gender, e.born_on, e.lives_alone, e.phone_sealed,
       b.label AS care_bed_label, h.lat, h.lon, h.region_code, h.address_sealed, r.name AS community, g.grade,
       coalesce(array_position('{total,severe,moderate,mild,intact}'::text[], g.grade), 6) AS grade_rank
FROM incident_member m JOIN elder e ON e.id = m.elder_id JOIN home h ON h.id = m.home_id
LEFT JOIN care_bed b ON b.id = m.care_bed_id
LEFT JOIN account a ON a.id = m.called_by
LEFT JOIN region r ON r.code = h.region_code
LEFT JOIN LATERAL (SELECT grade FROM grade WHERE elder_id = m.elder_id AND scale = 'gbt_42195'
                   AND (m.joined_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN valid_from AND coalesce(valid_to, 'infinity')
                   LIMIT 1) g ON true;

GRANT SELECT ON case_shown, incident_member_shown TO yinling_web, yinling_worker;
GRANT SELECT, INSERT, UPDATE ON incident, incident_member TO yinling_web, yinling_worker;
-- An incident takes the people of another that turns out to be the same.
GRANT DELETE ON incident_member TO yinling_worker;

SELECT fence_districts();
