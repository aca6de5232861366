"""What may be wrong when policy texts are read or made."""

from yingshang.kernel.errors import Conflict, Invalid, Missing
from yingshang.kernel.errors import marked as _


class NoSuchText(Missing):
    """The library has no text of this key."""

    code = "no_such_policy_text"
    message = _("没有这份政策文本")


class NoSuchTextDraft(Missing):
    """There is no such draft of a policy, or none that this actor may know of."""

    code = "no_such_policy_draft"
    message = _("没有这份政策草案")


class TextDraftMoved(Conflict):
    """Somebody saved the draft since it was opened."""

    code = "policy_draft_moved"
    message = _("这份草案已经有人另行保存，请重新打开再改")


class TextDraftLocked(Conflict):
    """The draft is being heard about, reviewed or was issued; its wording does not change now."""

    code = "policy_draft_locked"
    message = _("草案正在听取意见、接受审查或已经印发，现在不能修改；需要修改的，由审查单位退回")


class TextNeedsItsCase(Conflict):
    """A text or a rule that rests on it was to be published without the case of the text."""

    code = "policy_text_needs_case"
    message = _(
        "《%(title)s》和它的规则只能随文本的制定或修订公布，先听取意见并通过各项审查："
        "请由%(organ)s在政策库打开该文本，选“修订”，再把规则草稿并入"
    )


class NotTheIssuer(Conflict):
    """Only the organ that issued a text amends it."""

    code = "not_the_policy_issuer"
    message = _("这份文本由%(organ)s发布，请由该单位修订")


class TextAbolished(Conflict):
    """A text that is abolished or replaced is not amended."""

    code = "policy_text_abolished"
    message = _("这份文本已经废止或被替代，不能修订；请另行起草")


class AmendmentOpen(Conflict):
    """An amendment of the text is under way, or published and waiting for its day."""

    code = "policy_amendment_open"
    message = _("这份文本的修订正在进行，或已经公布、尚未施行")


class NoSuchClause(Missing):
    """The draft has no clause of this label."""

    code = "no_such_clause"
    message = _("草案里没有%(clause)s")


class ClauseTaken(Invalid):
    """Another clause of the draft has this label."""

    code = "clause_taken"
    message = _("草案里已经有%(clause)s")


class WordingEmpty(Invalid):
    """The imported text has no clauses that could be told apart."""

    code = "wording_empty"
    message = _("没有从文本里读出条款；请检查是否包含“第一条”或“一、”这样的标号")


class KeyTaken(Invalid):
    """The library or another draft has a text of this key."""

    code = "policy_key_taken"
    message = _("标识 %(key)s 已经有政策使用")


class NoSuchProposal(Missing):
    """The draft has no such proposal."""

    code = "no_such_proposal"
    message = _("没有这条提取建议")


class NoSuchRuleHere(Missing):
    """There is no such draft of a rule of the organ, or it is over."""

    code = "no_such_rule_here"
    message = _("没有这份规则草稿，或它已经发布、作废")


class ConditionNotReadable(Invalid):
    """What was written as a condition cannot be read over the catalogue of facts."""

    code = "condition_not_readable"
    message = _("这个条件不能按数据目录读懂：%(text)s")


class DraftNotReady(Conflict):
    """Something is still missing before the draft may be reviewed."""

    code = "policy_draft_not_ready"
    message = _("草案还不能送审：%(what)s")


class OwnReview(Conflict):
    """Whoever wrote a draft does not review it."""

    code = "own_policy_review"
    message = _("自己起草的政策要由另一个人审查")


class ReviewIncomplete(Invalid):
    """The form of a review has items without an answer, or a breach without a note."""

    code = "review_incomplete"
    message = _("审查表还没有填完：%(items)s")


class BreachNotExcepted(Invalid):
    """A review found a breach and named no exception, and yet it is to pass."""

    code = "breach_not_excepted"
    message = _("发现违反标准的内容，又没有写明适用的例外规定，不能通过")


class NotUnderReview(Conflict):
    """The draft is not at this gate, or at another organ."""

    code = "not_under_review"
    message = _("这份草案现在不在本单位接受这项审查")


class ReviewMissing(Conflict):
    """A gate was not passed by what is to be published."""

    code = "policy_review_missing"
    message = _("要公布的文本没有通过%(gate)s，或审查之后有改动")


class TooLittleTime(Invalid):
    """Less than thirty days lie before the text takes effect, and no reason is given."""

    code = "too_little_time"
    message = _("公布后不足三十日就施行；请改施行日期，或写明立即施行的理由")


class NoHearing(Missing):
    """There is no such hearing, or none that this actor may know of."""

    code = "no_such_hearing"
    message = _("没有这次听取意见")


class HearingTooShort(Invalid):
    """A hearing of less than thirty days from the draw needs a reason (优化营商环境条例 62)."""

    code = "hearing_too_short"
    message = _("听取意见从号码公布之日起一般不少于三十日；确需缩短的，请写明理由")


class HearingEndsFirst(Invalid):
    """The firms are drawn before the hearing ends, so that they have days to answer."""

    code = "hearing_ends_first"
    message = _("截止日期须晚于号码公布日期，让抽中的企业有时间提出意见")


class PoolTooSmall(Invalid):
    """There are fewer enterprises than are to be invited."""

    code = "hearing_pool_too_small"
    message = _("可供抽取的企业只有 %(pool)s 家")


class HearingRuns(Conflict):
    """The hearing is not over, or nobody was drawn yet."""

    code = "hearing_runs"
    message = _("听取意见还没有结束：%(why)s")


class HearingOver(Conflict):
    """The hearing is over, or has not begun for this enterprise."""

    code = "hearing_over"
    message = _("现在不能提出意见：听取意见已经结束，或尚未抽取企业")


class NotInvited(Missing):
    """The enterprise was not drawn for this hearing."""

    code = "not_invited"
    message = _("本企业没有被抽中参加这次听取意见")


class OpinionEmpty(Invalid):
    """Whoever wants a change or is against says what."""

    code = "opinion_empty"
    message = _("建议修改或反对的，请写明意见")


class NoSuchOpinion(Missing):
    """There is no such opinion in a hearing of the actor's organ."""

    code = "no_such_opinion"
    message = _("没有这条意见")


class NoSuchCleanUp(Missing):
    """There is no such clean-up."""

    code = "no_such_clean_up"
    message = _("没有这次清理")


class NothingToCleanUp(Invalid):
    """No text fits the criteria."""

    code = "nothing_to_clean_up"
    message = _("没有符合条件的政策文本")


class CleanUpOver(Conflict):
    """The result of the clean-up was published."""

    code = "clean_up_over"
    message = _("清理结果已经公布")


class CleanUpRuns(Conflict):
    """Texts are unanswered and the day is not over."""

    code = "clean_up_runs"
    message = _("还有 %(count)s 份文本没有答复，期限也还没有到")


class NotYourText(Missing):
    """The text is not on the list, or another organ answers for it."""

    code = "not_your_text"
    message = _("清单里没有由本单位答复的这份文本")


class AnswerIncomplete(Invalid):
    """An answer names its reason; one that abolishes also the day."""

    code = "clean_up_answer_incomplete"
    message = _("请写明理由；废止的还要写明从哪天起")
