"""What the record calls deeds, things and values, in words of the reader's language."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext

from community.kernel.words import N_

# By the code that is in the chain for ever; a code without its words here fails a test.
DEEDS = {
    "audit.taken": N_("Took entries of the record as a file"),
    "audit.verified": N_("Walked the chain"),
    "backup.made": N_("Made a backup"),
    "backup.restored": N_("Went back to a backup"),
    "credential.checked": N_("Checked a credential"),
    "credential.refused": N_("Returned a credential"),
    "credential.submitted": N_("Handed in a credential"),
    "guardrail_draft.file_changed": N_("Put a file in a draft of the guardrails"),
    "guardrail_draft.offered": N_("Offered a draft of the guardrails for signature"),
    "guardrail_draft.renamed": N_("Changed the name or purpose of a draft of the guardrails"),
    "guardrail_draft.rule_added": N_("Added a rule to a draft of the guardrails"),
    "guardrail_draft.rule_changed": N_("Changed a rule in a draft of the guardrails"),
    "guardrail_draft.rule_removed": N_("Took a rule out of a draft of the guardrails"),
    "guardrail_draft.started": N_("Started a draft of the guardrails"),
    "guardrail_draft.withdrawn": N_("Withdrew a draft of the guardrails"),
    "guardrail_draft_comment.added": N_("Made a remark on a draft of the guardrails"),
    "guardrail_draft_comment.settled": N_("Settled a remark on a draft of the guardrails"),
    "guardrail_replay.started": N_("Tried a draft of the guardrails on earlier posts"),
    "guardrail_set.added": N_("Added a guardrail set"),
    "guardrail_set.in_force": N_("A guardrail set came into force"),
    "guardrail_set.signed": N_("Signed a guardrail set"),
    "inquiry.answer_begun": N_("Sent a first answer to an inquiry"),
    "inquiry.answered": N_("Answered an inquiry"),
    "inquiry.asked_again": N_("Asked again in an inquiry"),
    "inquiry.closed": N_("Closed an inquiry"),
    "inquiry.opened": N_("Asked Medical Information"),
    "inquiry.read": N_("Read an inquiry"),
    "invitation.declined": N_("Declined an invitation"),
    "invitation.issued": N_("Invited somebody"),
    "invitation.opened": N_("Opened an invitation"),
    "invitation.redeemed": N_("Took up an invitation"),
    "invitation.resent": N_("Sent an invitation again"),
    "invitation.revoked": N_("Took back an invitation"),
    "member.closed": N_("Closed a member's access"),
    "member.company_sign_in_linked": N_("First came in by the company's sign-in"),
    "member.created": N_("Made a member"),
    "member.duties_changed": N_("Changed a member's duties"),
    "member.email_changed": N_("Changed the e-mail address"),
    "member.imported": N_("Brought in an author"),
    "member.job_changed": N_("Changed a role at the company"),
    "member.joined": N_("Became a member"),
    "member.password_set": N_("Set a password"),
    "member.photo_removed": N_("Removed a photo"),
    "member.photo_set": N_("Put up a photo"),
    "member.profile_changed": N_("Changed a profile"),
    "member.recovery_code_used": N_("Used a recovery code"),
    "member.recovery_codes_made": N_("Made new recovery codes"),
    "member.reopened": N_("Opened a member's access again"),
    "member.second_factor_added": N_("Set up a second factor"),
    "member.second_factor_removed": N_("Removed a second factor"),
    "member.second_factor_reset": N_("Reset a second factor"),
    "member.signed_out": N_("Signed a member out everywhere"),
    "membership.joined": N_("Joined a space"),
    "membership.left": N_("Left a space"),
    "membership.removed": N_("Removed somebody from a space"),
    "membership.role_changed": N_("Changed a role in a space"),
    "pause.confirmed": N_("Confirmed a pause"),
    "pause.declined": N_("Declined a pause"),
    "pause.lifted": N_("Lifted a pause"),
    "pause.proposed": N_("Proposed a pause"),
    "post.blocked": N_("A text was stopped by the guardrails"),
    "post.edit_returned": N_("Returned a new wording"),
    "post.edit_withdrawn": N_("Took back a new wording that waited"),
    "post.edited": N_("Edited a post"),
    "post.held": N_("A post was held"),
    "post.published": N_("Published a post"),
    "post.refused": N_("A post was refused"),
    "post.released": N_("Released a post"),
    "post.removed": N_("Took down a post"),
    "post.wording_covered": N_("Covered an earlier wording of a post"),
    "post.reported": N_("Reported a post to the moderators"),
    "post.restored": N_("Put back a post"),
    "post.returned": N_("Returned a post to its author"),
    "post.withdrawn": N_("Took back a post that waited"),
    "posting.paused": N_("Paused what the company posts"),
    "posting.resumed": N_("Let the company post again"),
    "response.added": N_("Added a response"),
    "response.confirmed": N_("Confirmed a response"),
    "response.withdrawn": N_("Withdrew a response"),
    "review.closed": N_("Closed a case"),
    "review.followed_up": N_("A case follows a new wording of its post"),
    "review.handed_on": N_("A case went to whoever stands in: its desk lost its last holder"),
    "review.opened": N_("A case was opened"),
    "review.read": N_("Opened a case to read it"),
    "review.released": N_("Released by a case"),
    "review.removed": N_("Took down by a case"),
    "review.reopened": N_("Opened a closed case again"),
    "review.returned": N_("Returned by a case"),
    "review.step_reopened": N_("Took a step of a case up again"),
    "review.step_settled": N_("Ticked off a step of a case"),
    "review.taken": N_("Saved a case as a file"),
    "review.withdrawn": N_("A case ended: its author took the text back"),
    "rule_proposal.answered": N_("Answered a proposal for a rule"),
    "rule_proposal.made": N_("Proposed a rule"),
    "sample_rate.changed": N_("Changed how many are read a second time"),
    "second_reading.drawn": N_("Drew a post for a second reading"),
    "second_reading.given_back": N_("Gave back a second reading"),
    "second_reading.judged": N_("Judged a second reading"),
    "second_reading.noticed": N_("Read what a second reading said"),
    "second_reading.read": N_("Opened a second reading"),
    "set_acknowledgement.made": N_("Acknowledged a guardrail set"),
    "set_acknowledgement.missed": N_("Did not acknowledge a guardrail set in time"),
    "space.archived": N_("Archived a space"),
    "space.changed": N_("Changed a space"),
    "space.created": N_("Made a space"),
    "space.reopened": N_("Reopened a space"),
    "thread.locked": N_("Locked a thread"),
    "thread.mark_lifted": N_("Lifted the mark of a thread"),
    "thread.marked_off_label": N_("Marked a thread as off-label"),
    "thread.pinned": N_("Pinned a thread"),
    "thread.started": N_("Started a thread"),
    "thread.unlocked": N_("Unlocked a thread"),
    "thread.unpinned": N_("Unpinned a thread"),
    "use_policy.accepted": N_("Accepted a use policy"),
    "use_policy.declined": N_("Declined a use policy"),
}

KINDS = {
    "acceptance": N_("acceptance"),
    "audit_entry": N_("entry"),
    "backup": N_("backup"),
    "credential": N_("credential"),
    "guardrail_draft": N_("draft of the guardrails"),
    "guardrail_draft_comment": N_("remark"),
    "guardrail_replay": N_("replay"),
    "guardrail_set_version": N_("guardrail set"),
    "inquiry": N_("inquiry"),
    "invitation": N_("invitation"),
    "member": N_("member"),
    "membership": N_("membership"),
    "pause": N_("pause"),
    "post": N_("post"),
    "posting_pause": N_("posting pause"),
    "response": N_("response"),
    "review": N_("case"),
    "rule_proposal": N_("proposal for a rule"),
    "sample_rate": N_("share of second readings"),
    "second_reading": N_("second reading"),
    "space": N_("space"),
    "thread": N_("thread"),
    "verdict": N_("verdict"),
}


def deed_words(action: str) -> str:
    """Say what was done; codes of a program that knew others are shown as they are."""
    return gettext(DEEDS[action]) if action in DEEDS else _plain(action)


def kind_words(kind: str) -> str:
    """Say what kind of thing an entry is about."""
    return gettext(KINDS[kind]) if kind in KINDS else _plain(kind)


def value_words(value: Any) -> str:
    """Say a value of an entry: yes, no and nothing as words, lists with commas."""
    if value is None or value in ("", [], {}):
        return gettext("nothing")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list):
        return ", ".join(value_words(each) for each in value)
    if isinstance(value, dict):
        return "; ".join(f"{_plain(key)}: {value_words(each)}" for key, each in value.items())
    return str(value)


def _plain(code: str) -> str:
    return code.replace(".", " ").replace("_", " ")
