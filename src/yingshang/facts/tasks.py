"""Background work on facts."""

from django_tasks import task

from yingshang.facts.actions.uploads import run_upload


@task()
def load_upload(pk: int) -> None:
    """Load a file that was handed in; see :func:`run_upload`."""
    run_upload(pk)
