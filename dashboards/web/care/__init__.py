"""What is planned for elders, and where: care plans, orders, places, meals, people who are called on."""

from dashboards.web.care import calls, meals, orders, places, plans

TOPICS = ()
ROUTERS = (plans.router, orders.router, places.router, meals.router, calls.router)
