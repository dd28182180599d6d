from uuid import UUID, uuid4

import asyncpg
import pytest

from core import people
from core.crypto import Keys
from core.db import Pool
from core.errors import Conflict, Invalid, NotFound
from tests.databases import Database
from tests.makers import NOW, id_number, make_district, make_elder, make_home, make_person

HAS_DISTRICT = """
SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity AS guarded FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'district_id' AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace"""
RAW_TABLES = """
SELECT c.oid::regclass::text AS name, has_table_privilege(c.oid, 'SELECT') AS readable FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND (n.nspname = 'ingest' OR c.relname LIKE '%\\_chunk')"""
COMMENTS = """
SELECT n.nspname || '.' || c.relname AS name, obj_description(c.oid) AS comment FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname IN ('public', 'ingest')"""


async def test_every_table_with_a_district_is_under_forced_row_level_security(pool_owner: Pool) -> None:
    async with pool_owner.transaction() as conn:
        rows = await conn.fetch(HAS_DISTRICT)
    assert rows
    assert [row["relname"] for row in rows if not row["guarded"]] == []


UNFENCED = """
SELECT c.conrelid::regclass::text || '.' || c.conname AS name FROM pg_constraint c
WHERE c.contype = 'f' AND NOT EXISTS (SELECT FROM pg_attribute k
  WHERE k.attrelid = c.conrelid AND k.attnum = ANY (c.conkey) AND k.attname = 'district_id')
AND EXISTS (SELECT FROM pg_attribute d WHERE d.attrelid = c.conrelid AND d.attname = 'district_id')
AND EXISTS (SELECT FROM pg_attribute d WHERE d.attrelid = c.confrelid AND d.attname = 'district_id')"""


async def test_every_foreign_key_between_guarded_tables_carries_the_district(pool_owner: Pool) -> None:
    async with pool_owner.transaction() as conn:
        assert [row["name"] for row in await conn.fetch(UNFENCED)] == []


async def test_no_row_points_into_another_district(pool_owner: Pool, pool_web: Pool, keys: Keys) -> None:
    ours, theirs = await make_district(pool_owner), await make_district(pool_owner, "341302")
    async with pool_web.transaction(theirs) as conn:
        elder = await make_elder(conn, keys, theirs)
    absence = "INSERT INTO absence (id, district_id, elder_id, kind, starts_on, recorded_at)"
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        async with pool_web.transaction(ours) as conn:
            await conn.execute(
                f"{absence} VALUES ($1, $2, $3, 'hospital', $4, $5)", uuid4(), ours, elder, NOW.date(), NOW
            )


async def test_every_table_states_its_owner_and_its_retention(pool_owner: Pool) -> None:
    async with pool_owner.transaction() as conn:
        rows = await conn.fetch(COMMENTS)
    stated = {row["name"]: row["comment"] or "" for row in rows}
    assert [
        name for name, words in stated.items() if not {"owner:", "retention:"} <= set(words.split())
    ] == []


async def test_another_district_reads_and_writes_nothing(
    pool_owner: Pool, pool_web: Pool, keys: Keys
) -> None:
    ours, theirs = await make_district(pool_owner), await make_district(pool_owner, "341302")
    async with pool_web.transaction(ours) as conn:
        elder = await make_elder(conn, keys, ours)
    async with pool_web.transaction(theirs) as conn:
        with pytest.raises(NotFound):
            await people.find_elder(conn, elder)
        assert await conn.execute("UPDATE elder SET name = 'x'") == "UPDATE 0"
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with pool_web.transaction(theirs) as conn:
            await make_home(conn, keys, ours)


async def test_the_next_request_on_the_same_connection_sees_nothing_of_the_last(
    database: Database, pool_owner: Pool, keys: Keys
) -> None:
    district = await make_district(pool_owner)
    pool = await Pool.open(database.web, size=1)
    try:
        async with pool.transaction(district) as conn:
            await make_elder(conn, keys, district)
            backend = await conn.fetchval("SELECT pg_backend_pid()")
        async with pool.transaction() as conn:
            assert await conn.fetchval("SELECT pg_backend_pid()") == backend
            assert await people.list_elders(conn) == []
    finally:
        await pool.close()


@pytest.mark.parametrize("role", ["web", "worker"])
async def test_only_the_gateway_touches_raw_messages_partitions_and_chunks(
    database: Database, role: str
) -> None:
    pool = await Pool.open(getattr(database, role))
    try:
        async with pool.transaction() as conn:
            rows = await conn.fetch(RAW_TABLES)
    finally:
        await pool.close()
    assert rows
    assert [row["name"] for row in rows if row["readable"]] == []


async def test_the_application_roles_are_neither_superusers_nor_bypass_the_guards(pool_owner: Pool) -> None:
    async with pool_owner.transaction() as conn:
        rows = await conn.fetch(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'yinling%'"
            " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)"
        )
    assert rows == []


async def test_one_identity_number_is_refused_twice_in_a_district_and_unknown_to_another(
    pool_owner: Pool, pool_web: Pool, keys: Keys
) -> None:
    ours, theirs = await make_district(pool_owner), await make_district(pool_owner, "341302")
    number = id_number(777)
    for district in (ours, theirs):
        async with pool_web.transaction(district) as conn:
            await make_elder(conn, keys, district, id_number=number)
    async with pool_web.transaction(ours) as conn:
        with pytest.raises(Conflict):
            await make_elder(conn, keys, ours, id_number=number.lower())


async def test_a_wrong_check_digit_is_refused(pool_owner: Pool, pool_web: Pool, keys: Keys) -> None:
    district = await make_district(pool_owner)
    number = id_number(5)
    wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
    async with pool_web.transaction(district) as conn:
        with pytest.raises(Invalid) as refused:
            await make_elder(conn, keys, district, id_number=wrong)
    assert refused.value.extra["errors"] == [{"field": "id_number", "code": "id_number"}]


async def test_personal_data_is_sealed_in_the_table_and_each_reveal_is_logged(
    pool_owner: Pool, pool_web: Pool, keys: Keys
) -> None:
    district: UUID = await make_district(pool_owner)
    async with pool_web.transaction(district) as conn:
        person = await make_person(conn, district)
        elder = await make_elder(conn, keys, district, phone="13812345678")
        row = await people.find_elder(conn, elder)
        assert b"13812345678" not in row["phone_sealed"]
        assert await people.reveal(conn, keys, person, elder, "phone", NOW) == "13812345678"
        lines = await conn.fetch("SELECT account_id, action, subject_id, detail FROM audit_log")
    assert [tuple(line.values()) for line in lines] == [
        (person.account_id, "reveal", elder, {"field": "phone"})
    ]
    assert people.mask_phone("13812345678") == "138****5678"


DEFINERS = """
SELECT p.oid::regprocedure::text AS name, has_function_privilege('public', p.oid, 'EXECUTE') AS is_open,
       array_to_string(p.proconfig, ' ') AS settings
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prosecdef AND n.nspname IN ('public', 'ingest')
AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"""
UNASKED = {
    "account_for_login(text)",
    "accounts_for_phone(bytea[])",
    "invitations_for_phone(bytea[])",
    "invitation_for_ticket(bytea)",
    "session_for_token(bytea,timestamp with time zone)",
    "phone_call_of_token(bytea,timestamp with time zone)",
    "phone_call_of_number(bytea,timestamp with time zone)",
    "broker_login(text)",
    "http_uplink_taken(uuid,text,text,bytea,timestamp with time zone)",
    "http_uplink_answered(uuid)",
    "number_events()",
    "events_after(bigint,integer)",
    "events_oldest()",
    "events_last()",
}
"""What web may ask before a district is known: by a secret, or of the feed, which filters by itself."""


async def test_no_function_that_runs_as_the_owner_is_open_to_everybody_or_finds_others_tables(
    pool_owner: Pool,
) -> None:
    async with pool_owner.transaction() as conn:
        rows = await conn.fetch(DEFINERS)
    assert rows
    assert [row["name"] for row in rows if row["is_open"]] == []
    assert [
        row["name"] for row in rows if not (row["settings"] or "").split(" plan_")[0].endswith("pg_temp")
    ] == []


async def test_what_web_and_worker_call_as_the_owner_asks_for_the_district(pool_owner: Pool) -> None:
    query = """
    SELECT p.oid::regprocedure::text AS name, p.prosrc LIKE '%current_district()%' AS asks FROM pg_proc p
    JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.prosecdef AND n.nspname IN ('public', 'ingest')
    AND (has_function_privilege('yinling_web', p.oid, 'EXECUTE')
         OR has_function_privilege('yinling_worker', p.oid, 'EXECUTE'))"""
    async with pool_owner.transaction() as conn:
        rows = await conn.fetch(query)
    assert {row["name"] for row in rows if not row["asks"]} == UNASKED
