-- A relative says how they may be reached; until then the office's word counts, which noted the number for alarms.

ALTER TABLE family_member ADD COLUMN reach_said_at timestamptz;
COMMENT ON COLUMN family_member.reach_said_at IS 'since when only the channels that this relative consented to are used; null: was never asked, every channel is';
