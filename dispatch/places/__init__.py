"""Places and what happens there: meals eaten or carried out, circles on the map, people who are called on."""
