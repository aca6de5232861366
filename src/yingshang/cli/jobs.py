"""``yingshang jobs``: how the periodic jobs are doing."""

import os

import click

from yingshang.cli.output import answer_no, emit, json_option


@click.group()
def jobs() -> None:
    """Periodic jobs."""


@jobs.command()
@json_option
def status(as_json: bool) -> None:
    """Show every job and whether it is late; exit 1 when one is."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingshang.settings")
    import django

    django.setup()
    from yingshang.jobs.permissions import READ_JOBS
    from yingshang.jobs.selectors import list_job_statuses_for
    from yingshang.parties.actors import system_actor

    statuses = list_job_statuses_for(system_actor("command", READ_JOBS))
    rows = [
        {
            "job": s.job.name,
            "label": str(s.job.label),
            "every_seconds": int(s.job.every.total_seconds()),
            "last_success_at": s.last_success_at and s.last_success_at.isoformat(),
            "last_failure_at": s.last_failure_at and s.last_failure_at.isoformat(),
            "last_error": s.last_error,
            "late": s.is_late,
        }
        for s in statuses
    ]
    if as_json:
        emit(rows)
    else:
        for row in rows:
            state = "LATE" if row["late"] else "ok"
            click.echo(
                f"{state:5} {row['job']:24} last success {row['last_success_at'] or 'never'}"
            )
    if any(row["late"] for row in rows):
        answer_no()
