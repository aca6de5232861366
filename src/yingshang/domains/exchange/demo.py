"""A file of facts in the demonstration, with cells that could not be taken."""

from django.core.files.base import ContentFile

from yingshang.facts.actions.uploads import hand_in_file, run_upload
from yingshang.parties.demo import demo_actor, demo_builder
from yingshang.parties.models import Subject

SOURCE = "registration"


@demo_builder("fact-files", order=80)
def build() -> None:
    """Hand in a small file of the registration authority and load it."""
    firms = Subject.objects.exclude(code=None).order_by("pk")[10:14]
    lines = ["统一社会信用代码,登记状态"]
    states = ("存续", "歇业", "开业", "active")
    lines += [f"{firm.code},{state}" for firm, state in zip(firms, states, strict=False)]
    lines.append("9.13397E+17,存续")
    file = ContentFile("\n".join(lines).encode("gb18030"), name="登记状态核对.csv")
    upload = hand_in_file(demo_actor("bureau"), name="登记状态核对.csv", file=file, source=SOURCE)
    run_upload(upload.pk)
