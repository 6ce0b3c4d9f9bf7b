"""Tasks run at once or through the queue, and periodic commands run once per slot."""

import threading
from functools import partial
from io import StringIO
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.db import transaction
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from storefront import schedule

QUEUE = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "wagtail"]}}


@task()
def rename_group(pk: int, name: str) -> str:
    """A real task: takes ids only, and may run twice."""
    Group.objects.filter(pk=pk).update(name=name)
    return name


@task(queue_name="wagtail")
def fail() -> None:
    raise RuntimeError("the provider hung up")


def group_name(group: Group) -> str:
    group.refresh_from_db()
    return group.name


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_without_a_worker_a_task_runs_when_the_transaction_is_through() -> None:
    group = Group.objects.create(name="before")
    with transaction.atomic():
        transaction.on_commit(partial(rename_group.enqueue, group.pk, "after"))
        assert group_name(group) == "before"
    assert group_name(group) == "after"


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_the_worker_runs_what_is_queued_and_records_what_failed(settings: Any) -> None:
    settings.TASKS = QUEUE
    group = Group.objects.create(name="before")
    with transaction.atomic():
        transaction.on_commit(partial(rename_group.enqueue, group.pk, "after"))
        transaction.on_commit(fail.enqueue)
    assert group_name(group) == "before"
    assert sorted(DBTaskResult.objects.values_list("status", "queue_name")) == [
        ("READY", "default"),
        ("READY", "wagtail"),
    ]

    call_command("worker", batch=True, verbosity=0)

    assert group_name(group) == "after"
    done = {result.task_path.rpartition(".")[2]: result for result in DBTaskResult.objects.all()}
    assert done["rename_group"].status == "SUCCESSFUL"
    assert done["rename_group"].return_value == "after"
    assert done["fail"].status == "FAILED"
    assert done["fail"].exception_class_path == "builtins.RuntimeError"


def test_a_worker_without_a_queue_says_what_to_set() -> None:
    with pytest.raises(CommandError, match="Set TASKS=database"):
        call_command("worker", batch=True)


@pytest.mark.redis
def test_a_slot_is_claimed_once_across_processes(redis_cache: Any) -> None:
    assert [schedule.claim("publish_scheduled", 60) for _ in range(3)] == [True, False, False]
    assert 50 <= redis_cache._cache.get_client().ttl(redis_cache.make_key("schedule:publish_scheduled")) <= 54


def test_a_command_runs_once_per_slot_and_a_failing_one_stops_no_other(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.PERIODIC_COMMANDS = {"no_such_command": 60, "prune --queue-name=*": 3600}
    calls: list[tuple[Any, ...]] = []
    caplog.set_level("DEBUG")

    def run(*arguments: str, stdout: StringIO, **options: Any) -> None:
        calls.append(arguments)
        stdout.write("12 rows pruned\n")
        if arguments[0] == "no_such_command":
            raise CommandError("Unknown command")

    with patch.object(schedule, "call_command", run):
        assert schedule.run_due() == ["prune --queue-name=*"]
        assert schedule.run_due() == []
    assert calls == [("no_such_command",), ("prune", "--queue-name=*")]
    assert "'no_such_command' failed" in caplog.text
    assert "prune: 12 rows pruned" in caplog.text


def test_what_is_due_often_does_not_wait_for_what_takes_long(settings: Any) -> None:
    settings.PERIODIC_COMMANDS = {"build": 3600, "reconcile": 30}
    stop, paid, in_time = threading.Event(), threading.Event(), []

    def run(name: str, *arguments: str, **options: Any) -> None:
        if name == "build":
            in_time.append(paid.wait(10))
            stop.set()
        else:
            paid.set()

    with patch.object(schedule, "call_command", run):
        # In a thread: it closes the database connections of its own.
        runner = threading.Thread(target=schedule.run_forever, args=(stop,))
        runner.start()
        runner.join()
    assert in_time == [True]


@pytest.mark.database
@pytest.mark.django_db
def test_every_periodic_command_exists_and_runs(settings: Any) -> None:
    settings.TASKS = QUEUE
    settings.PERIODIC_COMMANDS = {**settings.PERIODIC_COMMANDS, "prune_db_task_results --queue-name=*": 60}
    output = StringIO()
    call_command("run_scheduled", stdout=output)
    assert output.getvalue().splitlines() == [f"Ran {command}" for command in settings.PERIODIC_COMMANDS]
