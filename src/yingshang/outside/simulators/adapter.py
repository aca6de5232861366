"""The adapter ``simulated``: a body in our own process with tables and a mind of its own."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from pydantic import ValidationError

from yingshang.kernel.times import SHANGHAI, now
from yingshang.outside.adapters import ADAPTERS, Delivered, Envelope, Known, NoReply, NotTaken
from yingshang.outside.declaring import OutsideBody
from yingshang.outside.errors import BodyUnavailable
from yingshang.outside.simulators.behaviour import Behaviour, Settings, answers_of, returned_answer
from yingshang.outside.simulators.models import (
    SimulatedBehaviour,
    SimulatedCallback,
    SimulatedMessage,
)


def settings_of(body: OutsideBody) -> Settings:
    """Return a simulated body's settings."""
    return Settings.model_validate(dict(body.settings))


def chosen_behaviour(body: OutsideBody) -> Behaviour:
    """Return the behaviour that is set for a body now: on its page, else in its declaration."""
    row = SimulatedBehaviour.objects.filter(body=body.key).first()
    return Behaviour.model_validate(row.behaviour) if row else settings_of(body).behaviour


def down_until(body: str) -> datetime | None:
    """Return until when a body is switched off, or None."""
    row = SimulatedBehaviour.objects.filter(body=body, down_until__gt=now()).first()
    return row.down_until if row else None


class SimulatedAdapter:
    """Takes messages as the body's behaviour has it, and plans the callbacks."""

    def send(self, envelope: Envelope) -> Delivered:
        """Take the message, or not; raises ``NotTaken`` and ``NoReply``."""
        if down_until(envelope.body.key):
            raise NotTaken("503")
        settings = settings_of(envelope.body)
        behaviour = settings.marked(envelope.payload) or chosen_behaviour(envelope.body)
        with transaction.atomic():
            told, _new = SimulatedMessage.objects.select_for_update().get_or_create(
                body=envelope.body.key,
                message_id=envelope.message_id,
                defaults={"message": envelope.message, "day": envelope.asked_on},
            )
            told.knocks += 1
            down = told.knocks <= behaviour.down_first
            mute = not down and told.knocks <= behaviour.down_first + behaviour.mute_first
            if not down and not (mute and behaviour.mute_drops):
                _act(told, envelope, settings, behaviour)
            told.save()
        if down:
            raise NotTaken("503")
        if mute:
            raise NoReply("time-out")
        return Delivered()

    def list_known(self, body: OutsideBody, day: date) -> list[Known]:
        """Return the messages of a day that the body acted on; raises ``BodyUnavailable``."""
        if down_until(body.key):
            raise BodyUnavailable(params={"body": body.label, "why": "503"})
        held = SimulatedMessage.objects.filter(body=body.key, day=day, effects__gt=0)
        return [_known(one) for one in held.order_by("pk")]

    def faults(self, body: OutsideBody) -> Iterable[str]:
        """Name settings that cannot be, and reasons that no message knows."""
        try:
            settings = settings_of(body)
        except ValidationError as error:
            for one in error.errors():
                yield f"{'.'.join(str(part) for part in one['loc'])}：{one['msg']}"
            return
        reasons = {one.code for message in body.messages for one in message.answers.refused}
        chosen = [settings.behaviour, *(marker.behaviour for marker in settings.markers)]
        returns = {one.code for message in body.messages for one in message.answers.returned}
        for behaviour in chosen:
            if behaviour.refuse and behaviour.refuse not in reasons:
                yield f"没有拒绝原因 {behaviour.refuse}"
            if behaviour.return_reason and behaviour.return_reason not in returns:
                yield f"没有退回原因 {behaviour.return_reason}"


def _known(told: SimulatedMessage) -> Known:
    """Return what the body says of a message: nothing of its decision before it has taken it."""
    if told.decided_at is None or told.decided_at > now():
        return Known(told.message_id, told.message, times=told.effects)
    if told.returned_at and told.returned_at <= now():
        reason = told.returned_reason
        return Known(told.message_id, told.message, "returned", reason=reason, times=told.effects)
    return Known(told.message_id, told.message, told.status, told.fields, told.reason, told.effects)


def _act(
    told: SimulatedMessage, envelope: Envelope, settings: Settings, behaviour: Behaviour
) -> None:
    """Do what was asked, once (or each time, if the body does not notice repeats), and plan to say so."""
    if told.effects and behaviour.tolerates_duplicates:
        return
    told.effects += 1
    if told.effects > 1:
        return
    message = envelope.body.find_message(envelope.message)
    assert message is not None
    moment = now()
    day = moment.astimezone(SHANGHAI).date()
    answers = answers_of(settings, behaviour, message, told.message_id, day)
    decided = answers[-2 if behaviour.contradict else -1]
    told.status = decided["status"]
    told.fields, told.reason = decided.get("fields", {}), decided.get("reason", "")
    late = settings.lateness(behaviour, told.message_id)
    told.decided_at = moment + late * (len(answers) - behaviour.contradict)
    plan = [(payload, moment + place * late) for place, payload in enumerate(answers, start=1)]
    if returned := returned_answer(behaviour, message, told.message_id):
        told.returned_reason = behaviour.return_reason
        told.returned_at = plan[-1][1] + timedelta(seconds=behaviour.return_after_seconds)
        plan.append((returned, told.returned_at))
    if behaviour.lose_answer:
        return
    for payload, due_at in plan:
        for _time in range(behaviour.repeat + 1):
            SimulatedCallback.objects.create(told=told, payload=payload, due_at=due_at)


ADAPTERS.add("simulated", SimulatedAdapter())
