"""What may be wrong when policies are matched."""

from yingshang.kernel.errors import Conflict, Invalid, Missing
from yingshang.kernel.errors import marked as _


class NoSnapshot(Conflict):
    """No snapshot of enterprises has been written yet."""

    code = "no_snapshot"
    message = _("还没有企业数据快照，生成后才能匹配")


class SnapshotShrunk(Conflict):
    """The snapshot has less than four fifths of the enterprises of the last run: likely a fault."""

    code = "snapshot_shrunk"
    message = _("快照只有 %(now)s 家企业，上次有 %(then)s 家，请先核查数据；本次没有匹配")


class RunInBetween(Conflict):
    """Another run was finished while this one was under way; nothing of this one is kept."""

    code = "run_in_between"
    message = _("同时有另一次匹配已经完成，本次结果未保存")


class NoSuchRun(Missing):
    """No run has this reference."""

    code = "no_such_run"
    message = _("没有这次匹配")


class SnapshotChanged(Conflict):
    """What was checked is not the newest snapshot any more, or it need not be accepted."""

    code = "snapshot_changed"
    message = _("快照已经更新，请按本页现在的数字重新核查")


class DraftUnfit(Invalid):
    """The text is no rule that the catalogue of facts can read."""

    code = "draft_unfit"
    message = _("规则无法读取：%(why)s")


class NoSuchBackTest(Missing):
    """The actor's organ asked for no such try-out."""

    code = "no_such_back_test"
    message = _("没有这次回测")


class DaysUnfit(Invalid):
    """A try-out looks at one to twelve earlier days."""

    code = "days_unfit"
    message = _("请给出 1 至 12 个早于今天的日期")
