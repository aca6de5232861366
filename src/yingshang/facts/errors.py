"""Why something about facts is refused."""

from django.utils.translation import gettext_lazy as _

from yingshang.kernel.errors import Conflict, Forbidden, Invalid, Missing


class NoSuchFact(Missing):
    """The catalogue has no fact type of this key."""

    code = "no_such_fact"
    message = _("数据目录中没有“%(key)s”。请从目录中选择。")


class NoSuchSource(Missing):
    """The catalogue has no source of this key."""

    code = "no_such_source"
    message = _("没有名为“%(key)s”的数据来源。")


class NoSuchValue(Missing):
    """There is no such value, as far as the actor may know."""

    code = "no_such_value"
    message = _("没有找到这条数据，它可能已被更正。请刷新后重试。")


class NoSuchClaim(Missing):
    """There is no such claim, as far as the actor may know."""

    code = "no_such_claim"
    message = _("没有找到这项异议。")


class NoSuchEvaluation(Missing):
    """There is no such recorded evaluation, as far as the actor may know."""

    code = "no_such_evaluation"
    message = _("没有找到这次核对记录。")


class NoSuchIssue(Missing):
    """There is no such open issue, as far as the actor may know."""

    code = "no_such_issue"
    message = _("没有找到这个质量问题，它可能已解决。")


class OtherSubject(Invalid):
    """The fact is about another sort of subject."""

    code = "fact_of_other_subject"
    message = _("“%(label)s”不适用于这类主体。")


class ValueUnfit(Invalid):
    """The value is not of the fact's type."""

    code = "value_unfit"
    message = _("“%(label)s”的值不合要求：%(why)s")


class ItemUnfit(Invalid):
    """A series needs a period, records an identifier, a scalar neither."""

    code = "item_unfit"
    message = _("“%(label)s”：%(why)s")


class NotAuthoritative(Forbidden):
    """Another source is authoritative for this fact."""

    code = "not_authoritative"
    message = _("“%(label)s”以“%(source)s”为准。如有不同，请提出异议。")


class GradeNotAccepted(Invalid):
    """The fact does not accept values of this grade."""

    code = "grade_not_accepted"
    message = _("“%(label)s”不接受这一等级的数据。")


class ReasonMissing(Invalid):
    """A correction, withdrawal or refusal needs a reason."""

    code = "fact_reason_missing"
    message = _("请写明理由。")


class PurposeMissing(Invalid):
    """Facts of others are read for a named purpose, sensitive ones with a ground beside it."""

    code = "purpose_missing"
    message = _("请选择读取目的；读取敏感数据还要写明依据。")


class ValueMoved(Conflict):
    """Another value holds by now than the one that was to be corrected or withdrawn."""

    code = "value_moved"
    message = _(
        "这项数据在您打开页面后已被更改，本次没有改动。请重新打开页面，核对现在的值后再提交。"
    )


class DecisionRested(Conflict):
    """Another decision rests on the evaluation."""

    code = "decision_rested"
    message = _("这次核对已是另一项决定的依据。请重新核对后再登记。")


class ClaimDecided(Conflict):
    """The claim has been decided."""

    code = "claim_decided"
    message = _("这项异议已经处理。")


class ClaimHasCase(Conflict):
    """The claim is decided in the case that was opened for it."""

    code = "claim_has_case"
    message = _("这项异议已立为办件，请在办件中处理。")


class ClaimPending(Conflict):
    """The same claim is being looked at."""

    code = "claim_pending"
    message = _("这项数据已有一项未处理的异议，请等待处理结果。")


class ClaimChangesNothing(Invalid):
    """The claim says what is on record."""

    code = "claim_changes_nothing"
    message = _("您填写的值与现有数据相同，无需提出异议。")


class NothingRecordedYet(Invalid):
    """No values were given."""

    code = "no_values_given"
    message = _("没有要录入的数据。")


class KnownInFuture(Invalid):
    """What will be known later cannot be asked for."""

    code = "known_in_future"
    message = _("只能查询到目前为止已知的情况。")


class DeferralUnfit(Invalid):
    """Showing a reading may be deferred only with a ground and until a later day."""

    code = "deferral_unfit"
    message = _("暂缓展示须写明法定依据和截止日期，且截止日期不得早于今天。")


class RuleUnfit(Invalid):
    """The rule that was to be evaluated cannot be read."""

    code = "rule_unfit"
    message = _("规则无法核对：%(why)s")


class FileTooLarge(Invalid):
    """A file handed in on a page is larger than a page takes."""

    code = "fact_file_too_large"
    message = _("文件超过 %(limit)s MB。请用命令 yingshang facts load 导入。")


class NoSuchUpload(Missing):
    """There is no such file, as far as the actor may know."""

    code = "no_such_fact_upload"
    message = _("没有找到这个数据文件。")


class NoSuchLoad(Missing):
    """There is no such act on values, as far as the actor may know."""

    code = "no_such_fact_load"
    message = _("没有找到这次数据变动。")


class RightsEnded(Forbidden):
    """Who handed in the file may no longer record facts."""

    code = "fact_upload_rights_ended"
    message = _("上传人的授权已经失效，文件没有导入。请由现在的经办人重新上传。")


class LoadUnderWay(Conflict):
    """A file of the same source is being recorded; its values would cross with these."""

    code = "fact_load_under_way"
    message = _("这个来源的数据文件正在写入，请过几分钟再试。")


class LoadTakenOver(Conflict):
    """Somebody else has gone on with a load that seemed to stand still."""

    code = "fact_load_taken_over"
    message = _("这次导入停顿太久，已由另一进程撤销。请重新导入。")
