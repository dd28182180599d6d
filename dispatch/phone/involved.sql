-- find_involved --
-- A visit in which a caregiver has or had a part; to decline it is none. $1 visit $2 caregiver $3 account
SELECT v.id, v.district_id, v.elder_id, v.case_id, v.caregiver_id, v.provider_id, v.service, v.state, v.started_at
FROM visit v WHERE v.id = $1
  AND (v.caregiver_id = $2 OR EXISTS (SELECT FROM visit_companion w WHERE w.visit_id = v.id AND w.caregiver_id = $2)
       OR EXISTS (SELECT FROM visit_entry e WHERE e.visit_id = v.id AND e.account_id = $3 AND e.action <> 'decline'))
