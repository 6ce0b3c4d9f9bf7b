"""The shop as it is deployed: gunicorn's processes, real HTTP, the schedule in a process beside them."""
