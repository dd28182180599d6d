-- what_if_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM what_if WHERE id = $1)

-- report_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM report WHERE id = $1)

-- assessment_want_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM assessment_want WHERE id = $1)

-- assessment_dispute_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM assessment_dispute WHERE id = $1)

-- guardianship_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM guardianship WHERE id = $1)

-- guardianship_member_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM guardianship_member WHERE id = $1)

-- guardianship_duty_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM guardianship_duty WHERE id = $1)

-- elder_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM elder WHERE id = $1)

-- care_bed_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM care_bed WHERE id = $1)

-- device_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM device WHERE id = $1)

-- alarm_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM alarm WHERE id = $1)

-- alarm_rule_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM alarm_rule WHERE id = $1)

-- rule_proposal_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM rule_proposal WHERE id = $1)

-- case_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM care_case WHERE id = $1)

-- incident_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM incident WHERE id = $1)

-- visit_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM visit WHERE id = $1)

-- plan_exists --
-- Whether the district has a plan. $1 plan
SELECT EXISTS (SELECT FROM plan WHERE id = $1)

-- caregiver_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM caregiver WHERE id = $1)

-- provider_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM provider WHERE id = $1)

-- assessment_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM assessment WHERE id = $1)

-- scheme_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM scheme WHERE id = $1)

-- claim_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM claim WHERE id = $1)

-- contract_exists --
-- Say whether the district has this contract. $1 id
SELECT EXISTS (SELECT FROM contract WHERE id = $1)

-- settlement_run_exists --
-- Say whether the district has this settlement run. $1 id
SELECT EXISTS (SELECT FROM settlement_run WHERE id = $1)

-- budget_exists --
-- Say whether the district has this budget. $1 id
SELECT EXISTS (SELECT FROM budget WHERE id = $1)

-- statement_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM statement WHERE id = $1)

-- account_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM account WHERE id = $1)

-- member_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM family_member WHERE id = $1)

-- dead_letter_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM dead_letter_found($1))

-- phone_conflict_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM phone_conflict WHERE id = $1)

-- caregiver_alert_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM caregiver_alert WHERE id = $1)

-- visit_correction_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM visit_correction WHERE id = $1)

-- condition_report_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM condition_report WHERE id = $1)

-- visit_photo_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM visit_photo WHERE id = $1)

-- shift_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM shift WHERE id = $1)

-- shift_pattern_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM shift_pattern WHERE id = $1)

-- leave_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM leave WHERE id = $1)

-- swap_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM swap WHERE id = $1)

-- wish_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM elder_wish WHERE id = $1)

-- coverage_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM coverage WHERE id = $1)

-- care_plan_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM care_plan WHERE id = $1)

-- order_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM care_order WHERE id = $1)

-- absence_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM absence WHERE id = $1)

-- place_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM place WHERE id = $1)

-- meal_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM meal WHERE id = $1)

-- serving_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM meal_serving WHERE id = $1)

-- finding_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM finding WHERE id = $1)

-- audit_sample_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM audit_sample WHERE id = $1)

-- sample_item_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM sample_item WHERE id = $1)

-- complaint_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM complaint WHERE id = $1)

-- phone_call_exists --
-- A call or message over the telephone. $1 id
SELECT EXISTS (SELECT FROM phone_call WHERE id = $1)

-- caller_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM caller WHERE id = $1)

-- death_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM death_event WHERE id = $1)

-- allowance_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM allowance_list WHERE id = $1)

-- allowance_line_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM allowance_line WHERE id = $1)

-- allowance_correction_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM allowance_correction WHERE id = $1)

-- application_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM application WHERE id = $1)

-- register_import_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM register_import WHERE id = $1)

-- push_subscription_exists --
-- Whether this district has a push subscription. $1 id
SELECT EXISTS (SELECT FROM push_subscription WHERE id = $1)

-- transfer_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM case_transfer WHERE id = $1)

-- consent_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM consent WHERE id = $1)

-- invitation_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM invitation WHERE id = $1)

-- duty_shift_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM duty_shift WHERE id = $1)

-- duty_pattern_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM duty_pattern WHERE id = $1)

-- duty_override_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM duty_override WHERE id = $1)

-- duty_swap_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM duty_swap WHERE id = $1)

-- quality_sample_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM quality_sample WHERE id = $1)

-- quality_item_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM quality_item WHERE id = $1)

-- monitoring_pause_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM monitoring_pause WHERE id = $1)

-- protocol_script_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM protocol_script WHERE id = $1)

-- cover_gap_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM cover_gap WHERE id = $1)

-- inbound_call_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM inbound_call WHERE call_id = $1)

-- recording_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM recording WHERE id = $1)

-- case_report_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM case_report WHERE id = $1)

-- escalation_policy_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM escalation_policy WHERE id = $1)

-- drill_exists --
-- Is it of the current district? $1 id
SELECT EXISTS (SELECT FROM drill WHERE id = $1)
