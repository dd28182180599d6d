"""Districts and their settings: whatever DOMAIN marks M or L is a setting here, with its default."""

from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from core.db import Conn, Row
from core.sql import load

SQL = load(__file__)


class DistrictSettings(BaseModel):
    """One district's choices; stored as jsonb, what is absent takes the default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    coma_is_total: bool = Field(
        True, description="coma: straight to total from any score (GB/T 42195 copies differ)"
    )
    raising_rules_add_up: bool = Field(
        False, description="dementia and risk events together raise two levels, not one"
    )
    assessment_validity_months: int = Field(
        12, ge=1, description="how long an assessment holds (not confirmed)"
    )
    assessment_ahead_days: int = Field(
        30, ge=0, description="so many days before a grade ends the next assessment is wanted (ours)"
    )
    first_assessment_days: int = Field(
        15, ge=0, description="days within which somebody who has applied is assessed (ours)"
    )
    condition_assessment_days: int = Field(
        7, ge=0, description="days within which a reported change of condition is assessed (ours)"
    )
    dispute_days: int = Field(
        30, ge=0, description="so many days after the second signature a grade may be disputed (ours)"
    )
    review_days: int = Field(
        15, ge=0, description="days within which two others assess a disputed grade (ours)"
    )
    guardianship_haves: tuple[str, ...] = Field(
        ("home", "income", "medical", "carer", "contact", "file"),
        description="what everybody under guardianship shall have (the reports name six, not which: ours)",
    )
    guardianship_check_days: int = Field(
        90, ge=1, description="so long a look at one of the six holds (ours)"
    )
    grade_fallback: dict[str, str] = Field(
        {"total": "severe"}, description="whose rate a grade takes when the scheme has none for it"
    )
    over_quota: Literal["copay", "refuse"] = Field(
        "copay", description="what becomes of an amount over the quota"
    )
    voucher_offset: Literal["copay", "subsidy"] = Field(
        "copay", description="what a voucher redeemed elsewhere takes off first: the person's share, or ours"
    )
    geofence_m: float = Field(
        150, gt=0, description="metres around the home, plus the phone's own accuracy (M)"
    )
    grace_minutes: int = Field(15, ge=0, description="minutes before and after a visit's window (M)")
    case_window_minutes: int = Field(10, ge=0, description="alarms of one elder within this join one case")
    incident_homes: int = Field(
        3, ge=2, description="so many homes near each other that lose power or network make one incident"
    )
    incident_radius_m: float = Field(120, gt=0, description="homes so near each other count as one building")
    incident_community_homes: int = Field(
        8, ge=2, description="so many homes of one community (12-digit code) make it the community's"
    )
    incident_window_minutes: int = Field(15, ge=1, description="within so long they lose it together")
    incident_settle_minutes: int = Field(
        2, ge=0, description="an incident closes by itself when everybody has been back so long"
    )
    offer_seconds: int = Field(
        120, ge=10, description="how long a caregiver has to answer an emergency offer"
    )
    offer_to: int = Field(
        1, ge=1, le=3, description="how many caregivers are asked at once; the first to accept has it"
    )
    offer_first: Literal["district", "provider"] = Field(
        "district",
        description="whom an emergency asks first: who is nearest, or the home's provider and its neighbours",
    )
    nobody_minutes: int = Field(
        10, ge=1, description="operators and duty manager are told when nobody has accepted for so long"
    )
    emergency_reach_minutes: int = Field(60, ge=1, description="who is farther away than this is not sent")
    work_day_hours: float = Field(8, gt=0, le=24, description="hours of work a day (Labour Law, article 36)")
    work_week_hours: float = Field(
        44, gt=0, le=168, description="hours of work a week (Labour Law, article 36)"
    )
    work_days_in_a_row: int = Field(
        6, ge=1, le=31, description="days of work without a day off (Labour Law, article 38)"
    )
    shift_rest_hours: float = Field(
        11, ge=0, le=48, description="hours of rest between the work of two days (M)"
    )
    duty_operators: int = Field(
        1, ge=0, le=200, description="operators on duty at least, day and night (ours)"
    )
    duty_managers: int = Field(
        0, ge=0, le=20, description="duty managers on duty at least, day and night (ours)"
    )
    duty_day_hours: float = Field(
        12, gt=0, le=24, description="hours of a call-centre shift (over 8: Labour Law, article 39)"
    )
    duty_soon_minutes: int = Field(
        30, ge=5, le=240, description="so many minutes before a shift the console is told who comes"
    )
    wrap_up_seconds: int = Field(
        60, ge=0, le=1800, description="work after each alarm, for the staffing forecast (ours)"
    )
    operator_minute_yuan: float = Field(
        1.0, ge=0, description="what a minute of an operator's work costs, for false alarms (ours)"
    )
    sent_visit_yuan: float = Field(
        40.0, ge=0, description="what a visit sent to an alarm costs, for false alarms (ours)"
    )
    pause_most_days: int = Field(
        60, ge=1, le=400, description="monitoring is paused for so many days at most, then again (ours)"
    )
    certificate_warning_days: int = Field(
        30, ge=0, description="so many days before it ends a certificate is warned of"
    )
    roster_ahead_days: int = Field(
        14, ge=1, le=92, description="weekly patterns lay shifts so many days ahead"
    )
    travel_factor: float = Field(1.35, ge=1, description="road distance over great circle")
    plan_days_ahead: int = Field(
        2, ge=0, le=14, description="so many days after today are planned every night"
    )
    plan_at: str = Field(
        "20:00", pattern=r"^\d\d:\d\d$", description="local time from which the days ahead are planned"
    )
    plan_seconds: float = Field(20, gt=0, le=600, description="how long the planner may compute for one day")
    plan_accepts_itself: bool = Field(
        True,
        description="a night's plan comes into force by itself: a day's first, or one that breaks no promise",
    )
    plan_freeze_minutes: int = Field(
        45, ge=0, description="a visit that begins within so many minutes keeps who and when"
    )
    promise_days: int = Field(
        2, ge=0, description="so many days ahead an accepted plan is told to elder, family and caregiver"
    )
    promise_minutes: int = Field(
        15, ge=1, description="a promised visit that moves by more breaks its promise"
    )
    plan_change_minutes: float = Field(
        30, ge=0, description="what another caregiver than promised counts for, in minutes of travel"
    )
    plan_shift_weight: float = Field(
        0.5, ge=0, description="what a minute away from the promised start counts for, in minutes of travel"
    )
    plan_waiting_weight: float = Field(
        0.1, ge=0, description="what a minute of waiting counts for, in minutes of travel"
    )
    plan_break_minutes: float = Field(
        120, ge=0, description="what a break that is not had counts for, in minutes of travel"
    )
    lone_minutes: int = Field(
        30,
        ge=1,
        description="so long after a visit's end a caregiver still inside is asked if all is well",
    )
    lone_answer_minutes: int = Field(
        10, ge=1, description="a caregiver who has not answered that after so long is an alarm of its own"
    )
    late_minutes: int = Field(
        15,
        ge=1,
        description="so long after the planned start (or end) without a word the caregiver is told (M)",
    )
    late_manager_minutes: int = Field(
        30, ge=1, description="so long after it their manager and the call centre are told (M)"
    )
    late_repair_minutes: int = Field(
        60, ge=1, description="so long after it a repair of the day is asked for, and the family told (M)"
    )
    centre_phone: str = Field(
        "",
        max_length=30,
        description="the call centre's number, for caregivers' and families' phones to dial",
    )
    carrier: Literal["desk", "twilio", "domestic"] = Field(
        "desk", description="who carries calls and SMS; desk: operators dial by hand"
    )
    records_calls: bool = Field(
        False, description="calls with elders who have consented are recorded (carrier only)"
    )
    recording_days: int = Field(
        90, ge=1, le=1095, description="days after which a recording's sound is deleted (ours)"
    )
    care_plan_weeks: int = Field(4, ge=1, le=26, description="weeks ahead for which care plans want visits")
    circle_minutes: float = Field(15, gt=0, description="minutes on foot that a place's circle stands for")
    walk_kmh: float = Field(4, gt=0, description="how fast an elder walks, for the circle (M)")
    meal_minutes: int = Field(60, ge=10, description="minutes from the stove to the last door")
    meal_box: int = Field(12, ge=1, description="meals that one box holds on a delivery route")
    call_on_age: int = Field(80, ge=60, description="from this age rural elders are called on")
    call_on_days: dict[str, int] = Field(
        {"left_behind": 7, "alone": 7, "high_age": 30, "hardship": 14},
        description="days between two calls, by category (no published figure)",
    )
    life_proof_months: int = Field(
        12, ge=1, le=60, description="how long a proof of life holds (yearly is our default)"
    )
    life_proof_warning_days: int = Field(
        30, ge=0, description="so many days before it lapses a proof of life is due"
    )
    life_proof_device_days: int = Field(
        7, ge=1, description="a home device's evidence of life may be so many days old"
    )
    invitation_days: int = Field(
        7, ge=1, le=60, description="so many days a relative's invitation and its code are good"
    )
    family_history_days: int = Field(
        180, ge=0, description="so many days after a death is confirmed the family still sees the history"
    )
    arrears_months: int = Field(
        12, ge=0, le=60, description="so many months back a payment list makes good what was not paid"
    )
    complaint_days: dict[str, int] = Field(
        {"urgent": 3, "ordinary": 7, "complex": 15},
        description="days within which a complaint must be answered, by urgency (no published figure)",
    )
    fraud: dict[str, dict[str, Any]] = Field(
        {}, description="own figures of the fraud checks, by table (services/data/fraud.toml)"
    )
    notice_rooms: tuple[str, ...] = Field(
        (),
        description="groups and mailboxes that chat and mail go to: names of YINLING_NOTICE_URLS",
    )
    notice_bundle_seconds: int = Field(
        120, ge=0, le=900, description="cases within this are told to one person in one message (ours)"
    )
    notice_person_hour: int = Field(
        20, ge=1, description="calls and messages to one person an hour at most; the rest waits (ours)"
    )
    notice_district_minute: int = Field(
        120, ge=1, description="calls and messages of the district a minute at most; the rest waits (ours)"
    )
    drill_weekday: int = Field(3, ge=1, le=7, description="day of the weekly contact drill (1 is Monday)")
    drill_at: str = Field("14:00", pattern=r"^\d\d:\d\d$", description="local time at which the drill begins")
    drill_minutes: int = Field(
        120, ge=10, le=480, description="minutes to answer a drill: it must be over before the night"
    )
    gap_minutes: int = Field(
        30,
        ge=0,
        description="so many minutes of a night with nobody within reach of a severe elder are a gap (ours)",
    )
    gap_kit_days: int = Field(
        30, ge=1, description="a kit that no test has seen for so many days is a gap in the cover (DOMAIN 4)"
    )
    night_start: str = Field(
        "22:00", pattern=r"^\d\d:\d\d$", description="local time at which the night begins"
    )
    night_end: str = Field("06:00", pattern=r"^\d\d:\d\d$", description="local time at which the night ends")


async def ids(conn: Conn) -> list[UUID]:
    """Return every district's id."""
    return [row["id"] for row in await conn.fetch(SQL.list_districts)]


async def list_all(conn: Conn) -> list[Row]:
    """Return {id, code, name} of every district, by code."""
    return await conn.fetch(SQL.list_all)


async def settings(conn: Conn, district: UUID) -> DistrictSettings:
    """Return a district's settings."""
    return DistrictSettings.model_validate(await conn.fetchval(SQL.find_settings, district) or {})


async def find_by_code(conn: Conn, code: str) -> Row | None:
    """Return a district by its six-digit code."""
    return await conn.fetchrow(SQL.find_district_by_code, code)


async def create(conn: Conn, row: Row) -> None:
    """Make a district from {id, code, name, is_demo, settings, created_at}."""
    wanted = DistrictSettings.model_validate(row["settings"])
    await conn.execute(
        SQL.create_district,
        row["id"],
        row["code"],
        row["name"],
        row["is_demo"],
        wanted.model_dump(exclude_defaults=True),
        row["created_at"],
    )


async def create_region(conn: Conn, code: str, name: str, parent: str | None) -> None:
    """Make a region (GB/T 2260 county, GB/T 10114 town and village); a second time does nothing."""
    await conn.execute(SQL.create_region, code, name, parent)
