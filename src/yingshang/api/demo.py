"""A token in the demonstration, so that its pages have something to show; nobody has its secret."""

from datetime import timedelta

from yingshang.api.actions import create_token
from yingshang.kernel.times import today
from yingshang.parties.demo import demo_actor, demo_builder


@demo_builder("api", order=95)
def build() -> None:
    """Let a firm's errand-runner have made a token for reading."""
    ends = today() + timedelta(days=90)
    create_token(demo_actor("handler"), name="财务系统同步证照", expires_on=ends)
