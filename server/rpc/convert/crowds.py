"""Crowds into messages, in each form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from suasion.v1 import answer_pb2
from suasion.v1 import decision_service_pb2 as pb

from compiler.checked.ir import RuleSet
from compiler.types import Answer
from server.rpc.checks import refusal
from server.rpc.convert.explanations import explanation_to
from server.rpc.convert.provenance import common_to, is_degraded, provenance_to
from server.rpc.convert.reasons import ANSWERS, MEMBER, spoken
from server.rpc.errors import status_of
from server.usecases.at_once import Failure
from server.usecases.crowds import Crowds, Form, Many, Told
from server.usecases.refusals import InvalidRequest

FORMS: Mapping[int, Form] = {
    pb.CROWD_FORM_UNSPECIFIED: Form.NAMES,
    pb.CROWD_FORM_NAMES: Form.NAMES,
    pb.CROWD_FORM_IDS: Form.IDS,
    pb.CROWD_FORM_BITMAP: Form.BITMAP,
}
Response = TypeVar("Response", pb.BatchCheckCrowdsResponse, pb.BatchListCrowdsResponse)


def form_from(form: int) -> Form:
    if form not in FORMS:
        raise refusal("form", f"{form} is no form of crowds")
    return FORMS[form]


# ---- by name, with reasons


def checked_crowds_to(crowds: Crowds) -> pb.CheckCrowdsResponse:
    serving = crowds.grounds.serving
    answers = [crowd_to(serving.ruleset, name, answer) for name, answer in crowds.answers.items()]
    for answer in answers:
        if whole := crowds.explanations.get(answer.crowd):
            answer.explanation.extend(explanation_to(whole))
    return pb.CheckCrowdsResponse(
        answers=answers,
        provenance=provenance_to(crowds.grounds),
    )


def listed_crowds_to(crowds: Crowds) -> pb.ListCrowdsResponse:
    ruleset = crowds.grounds.serving.ruleset
    listed = crowds.answers.items()
    return pb.ListCrowdsResponse(
        crowds=[crowd_to(ruleset, name, answer) for name, answer in listed if answer],
        unknown_crowds=[crowd_to(ruleset, name, answer) for name, answer in listed if answer is None],
        crowd_count=len(crowds.answers),
        provenance=provenance_to(crowds.grounds),
    )


def crowd_to(ruleset: RuleSet, name: str, answer: Answer) -> pb.CrowdAnswer:
    kind = "crowd" if name in ruleset.crowds else "list"
    reason = spoken(ruleset, f"{kind} {name}", kind, MEMBER[answer], answer=answer)
    return pb.CrowdAnswer(crowd=name, answer=ANSWERS[answer], reasons=[reason])


# ---- in any form, without


def checked_form_to(told: Told) -> pb.CheckCrowdsResponse:
    return pb.CheckCrowdsResponse(compact=told_to(told), provenance=provenance_to(told.grounds))


def listed_form_to(told: Told) -> pb.ListCrowdsResponse:
    return pb.ListCrowdsResponse(
        compact=told_to(told),
        crowd_count=len(told.grounds.serving.ruleset.crowds),
        provenance=provenance_to(told.grounds),
    )


def told_to(told: Told) -> pb.UserCrowds:
    crowds = pb.UserCrowds()
    tell(crowds, told)
    return crowds


def tell(crowds: pb.UserCrowds, told: Told) -> None:
    TELL[told.form](crowds, told.yes, told.unknown)
    crowds.unavailable.extend(told.grounds.unavailable)


def tell_names(crowds: pb.UserCrowds, yes: Any, unknown: Any) -> None:
    crowds.crowds.extend(yes)
    crowds.unknown_crowds.extend(unknown)


def tell_ids(crowds: pb.UserCrowds, yes: Any, unknown: Any) -> None:
    crowds.crowd_ids.extend(yes)
    crowds.unknown_crowd_ids.extend(unknown)


def tell_bits(crowds: pb.UserCrowds, yes: Any, unknown: Any) -> None:
    crowds.crowd_bits, crowds.unknown_crowd_bits = yes, unknown


TELL: Mapping[Form, Callable[[pb.UserCrowds, Any, Any], None]] = {
    Form.NAMES: tell_names,
    Form.IDS: tell_ids,
    Form.BITMAP: tell_bits,
}


def checked_many_to(many: Many) -> pb.BatchCheckCrowdsResponse:
    return filled(pb.BatchCheckCrowdsResponse(provenance=provenance_of(many)), many)


def listed_many_to(many: Many) -> pb.BatchListCrowdsResponse:
    return filled(pb.BatchListCrowdsResponse(provenance=provenance_of(many)), many)


def provenance_of(many: Many) -> answer_pb2.Provenance:
    told = [each for each in many.results if isinstance(each, Told)]
    return common_to(many.common, degraded=any(is_degraded(each.grounds) for each in told))


def filled(response: Response, many: Many) -> Response:
    """Each result is written where it stands, as copies of a hundred would cost as much as the answers."""
    for index, each in enumerate(many.results):
        result = response.results.add()
        if not isinstance(each, Told):
            result.error.MergeFrom(status_of(of_subject(each, index)))
            continue
        result.crowds.SetInParent()  # even if there is nothing to tell
        tell(result.crowds, each)
        if (own := each.grounds.serving.version) != many.common.version:
            result.crowds.version = own
    return response


def of_subject(failure: Failure, index: int) -> Failure:
    """With paths from the place of the subject among many."""
    if not isinstance(failure, InvalidRequest):
        return failure
    return failure.moved("subject", f"subjects[{index}]")


def dictionary_to(ruleset: RuleSet) -> pb.GetCrowdDictionaryResponse:
    return pb.GetCrowdDictionaryResponse(version=ruleset.hash, crowds=ruleset.crowds, lists=ruleset.lists)
