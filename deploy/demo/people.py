"""Making up people: identity numbers, telephone numbers, an assessment's answers (pure)."""

from datetime import date, time, timedelta

from stdnum.cn import ric

from services.assessing import form

SHIFTS = {"day": (time(7), time(19)), "night": (time(19), time(7))}


def id_number(county: str, born_on: date, gender: str, serial: int) -> str:
    """Return a valid identity number with a serial of 99x (odd: male), which is hardly ever given out."""
    last = serial % 4 * 2 + (2 if gender == "female" else 1)
    body = f"{county}{born_on:%Y%m%d}99{last}"
    return body + str(ric.calc_check_digit(body + "0"))


def phone(serial: int) -> str:
    """Return a number that looks like a mobile phone's and cannot be dialled: none starts with 100."""
    return f"100{serial:08d}"


def answers(points: int) -> dict[str, int]:
    """Answer the form so that the sum is `points`: what is lost, is lost from the front, evenly."""
    items = {item.code: item.most for item in form().items}
    order, lost, place = list(items), sum(items.values()) - points, 0
    while lost > 0:
        code = order[place % len(order)]
        if items[code] > 0:
            items[code] -= 1
            lost -= 1
        place += 1
    return items


def roster(shift: str, first: date, last: date) -> list[tuple[date, time, date, time]]:
    """Return local (day, from, day, to) of a shift on each day."""
    start, end = SHIFTS[shift]
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [(day, start, day + timedelta(days=int(end <= start)), end) for day in days]
