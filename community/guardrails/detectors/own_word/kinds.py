"""Kinds of words by which `own_word` reads the manner of a sentence, whatever it is about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

_KINDS = {
    # what a careful reader could look up
    "source": (
        "label labels smpc pi leaflet section indication guideline guidelines nice guidance "
        "published publication paper abstract article journal supplement protocol appendix "
        "registry table figure poster editorial review reviews library reference "
        "fachinformation recommendation nejm lancet circulation esc ean pns"
    ),
    # how a study was made
    "method": (
        "trial trials study studies randomised randomized placebo endpoint investigators "
        "blinded enrolled powered prespecified exploratory design controlled uncontrolled arm "
        "arms cohort baseline interval intervals followup subgroup open-label extension "
        "run-in composite excluded inclusion criteria interaction outcome primary secondary "
        "median follow hr ci nnt"
    ),
    # what is not known
    "lack": (
        "unclear unknown unsure uncertain limited limitation limitations limit limits "
        "cautious caution wary careful gap gaps unpowered hypothesis hypothesis-generating "
        "non-significant nonsignificant whether depends never cannot can't couldn't wouldn't "
        "shouldn't unfortunately neither nobody none nor"
    ),
    # plain negation
    "neg": ("no not don't doesn't isn't aren't wasn't weren't didn't hasn't haven't won't without"),
    # courtesy
    "social": (
        "thank thanks welcome sorry hello hi congrats congratulations cheers appreciate "
        "appreciated kind glad grateful pleasure happy agree agreed fair point question "
        "questions discuss discussion discussing"
    ),
    # the running of the room
    "admin": (
        "thread threads room post posts poll webinar meeting session slides slide link page "
        "file moderator moderators tomorrow today monday tuesday wednesday thursday friday "
        "week vote congress recording posted colleague colleagues team email off away online "
        "calendar"
    ),
    # who answers instead
    "pointer": (
        "medical information safety case report reported reporting alderwick company "
        "sponsored sponsor yellow card pharmacovigilance medinfo"
    ),
    # harms and how to watch for them
    "harm": (
        "adverse hypotension dizziness headache nausea infection infections meningococcal "
        "enzymes creatinine potassium hyperkalaemia hyperkalemia fainting syncope "
        "contraindicated contraindication warning pregnancy monitoring monitor vaccination "
        "vaccinated"
    ),
    # a verdict
    "eval": (
        "brilliant amazing great superb fantastic excellent outstanding remarkable impressive "
        "unbeatable unique robust rapid sustained durable powerful potent strong stronger "
        "superior better best beautifully well nicely favourable favorable promising exciting "
        "elegant convenient simple simply easy easier safe safer mild gentle negligible "
        "minimal delighted thrilled impressed love loves transform transforms ideal perfect "
        "reliable effective effectively dramatically hugely worthwhile winner win wins clear "
        "clearly convincing compelling encouraging reassuring striking nice nicer lovely "
        "solid decent neat handy smart attractive obvious obviously undoubtedly definitely "
        "certainly truly worth edge advantage ahead lead leads leading leap modern benefit "
        "beautiful beautifully fabulous terrific stunning spectacular stellar exceptional "
        "phenomenal tremendous wonderful marvellous magnificent sensational unprecedented "
        "unrivalled unparalleled superb first-class landmark milestone breakthrough "
        "game-changer game-changing practice-changing groundbreaking pioneering innovative "
        "revolution revolutionary miracle magic powerful mighty huge massive big bigger "
        "biggest large larger largest real profound substantial considerable meaningful "
        "rock unmatched steady stable stably cleaner cleanest clean kinder kind friendly "
        "friendlier quick quicker quickest fast faster fastest early earlier sooner "
        "comfortable pleasant pleased proud keen enthusiastic raving rave glowing "
        "overwhelming overwhelmingly positive positively favour favours profit profits "
        "outperform outperforms outweigh beats beat tops exceeds trumps surpasses "
        "gold-standard state-of-the-art must-have cure cures curing reverse reverses "
        "restore restores rescue rescues prevent prevents halt halts slow slows "
        "stabilise stabilises "
        "benefits gain gains help helps improve improves improved protects protection stops "
        "saves success results works work working delivers"
    ),
    # the speaker in person
    "hedge": (
        "honestly frankly basically tbh imho imo personally simply just really pretty quite "
        "rather fairly kind sort bit actually surely indeed naturally anyway mind believe "
        "feel think reckon suspect guess bet expect expected confident convinced sure "
        "comfortable relaxed happy"
    ),
    # a risk waved away
    "dismiss": (
        "worry worries worried relax relaxed fine ok okay trivial harmless minor rarely "
        "hardly barely handful few nothing sleep bother bothers trouble troubled issue fuss "
        "deal overblown exaggerated manageable settles settle fades goes cosmetic theoretical "
        "background noise scare scared covered transient temporary passing passes vanish vanishes "
        "disappear disappears forget bounce benign innocent curiosity formality formal lawyers "
        "lawyer paper routine relaxed calm rest assured tiny small smallest slight slightly "
        "little mild mildest rare rarer nil zero drama dramatic surprises surprise manage "
        "sail smoothly smooth placebo-like cautious overcautious conservative"
    ),
    # a wink, and what others do
    "hint": (
        "unofficially officially rumour word whisper heard hear hearing hint wink between "
        "off-record quietly informally people folk folks others some many most centres "
        "centers colleagues group groups units teams clinics hospitals americans started "
        "starting doing using tried trying seem seems pleased running seen seeing watch space "
        "promising stay tuned biologically mechanistically plausible makes sense rationale "
        "logically logical extrapolate same"
    ),
    # when and whom to treat
    "push": (
        "start starting switch early earlier sooner wait waiting why try reach choose pick "
        "prefer preferred first choice go should must deserve deserves everyone everybody "
        "anybody anyone all every always ever consider"
    ),
    # one against another
    "compare": (
        "than over versus instead rather unlike compared whereas while both either other "
        "others older newer old class rival competitor"
    ),
    # less and fewer
    "rel": (
        "fewer less lower lowered reduced reduces reduction cut cuts halved halves doubled "
        "down drop dropped fell third quarter half thirds relative"
    ),
    # running down
    "disp": (
        "weak weaker useless poor poorly outdated disappointing disappointed overrated modest "
        "unconvincing failed failure yesterday dated past tired obsolete niche messy patchy "
        "dirty clumsy struggle struggles struggled never barely hype hyped overpriced excited "
        "wears problem problems needles overrated underwhelming flawed flaw dubious doubtful "
        "shaky thin bad badly worse worst ugly nonsense rubbish joke trick tricks buried "
        "marketing creative rep reps rival rivals theirs competition competitor's hopeless "
        "harmful nasty toxic crude old-fashioned museum relic bloodletting"
    ),
    # who speaks to whom
    "you": ("you your you'd you'll i i'd we we've our us my me"),
    # patients
    "they": ("patients patient people they them their she he her his"),
    # one person
    "one": "he she him her his hers gentleman lady man woman chap",
    # ways to talk elsewhere
    "contact": (
        "call phone ring telephone mobile number whatsapp signal telegram teams zoom mail mailbox "
        "gmail address meet visit drop pop coffee lunch dinner beer booth stand bar hotel offline "
        "dm text linkedin private privately person face dropbox direct directly send chat hospital"
    ),
    # money and access
    "money": (
        "cost costs price prices priced cheap cheaper expensive budget pay pays paid paying "
        "reimbursed reimbursement funding fund funds formulary discount discounts rebate voucher "
        "free charge sample samples pack packs honorarium fee tender trust insurer insurers "
        "insurance kasse bed-days neutral afford affordable sponsor sponsored pharmacist committee "
        "procurement stock supply prescribe prescriptions"
    ),
    # what is to come
    "pipeline": (
        "interim readout upcoming soon coming launch launched submit submission submitted pipeline "
        "manuscript unpublished internal internally phase topline top-line approval approve "
        "approved agency extend extension indication planned recruiting sites next spring summer "
        "autumn january february march april"
    ),
    # what is asked of a case
    "case": (
        "age old aged weight heavy batch lot onset outcome history alcohol drink drinks drinker "
        "details course initials born dates comorbidities comorbidity concomitant scan ecg "
        "bilirubin serogroup happened photo letter describe story"
    ),
    # where a harm came from
    "cause": (
        "due because cause caused causes causing explain explains explained culprit coincidence "
        "unrelated related relation connection link chance likely unlikely probably disease course "
        "blame blamed viral virus statin alcohol thyroid iron expected background rate plausible "
        "implausible possible impossible fit fits population nocebo"
    ),
    # speech about a report
    "form": "form forms report reports reporting card yellow file paperwork flag medwatch",
    # praise by how people fare
    "fare": (
        "life living walk walking walks stairs garden gardening work dancing dog grandchildren "
        "home freedom free normal again feel feels felt notice hope relief difference happy "
        "thank thankful enjoy enjoys alive"
    ),
    # all and none
    "every": (
        "all every everyone everybody always any anyone anybody each whole entire nobody none "
        "nothing never no-one any across whatever wherever whenever universally"
    ),
    # steps a patient's doctor takes
    "act": (
        "stop hold pause halve double reduce raise lower switch add continue carry restart skip "
        "repeat retest recheck give take leave move swap bring push wean taper titrate begin"
    ),
    # a turn
    "turn": ("but though although however still yet nevertheless otherwise"),
}


def _by_word() -> Mapping[str, tuple[str, ...]]:
    kinds: dict[str, list[str]] = {}
    for kind, words in _KINDS.items():
        for word in words.split():
            kinds.setdefault(word, []).append(kind)
    return {word: tuple(of) for word, of in kinds.items()}


_KINDS_OF_WORDS = _by_word()


def kinds_of(words: Iterable[str]) -> frozenset[str]:
    """The kinds that these words belong to."""
    known = _KINDS_OF_WORDS.keys() & words
    return frozenset(chain.from_iterable(map(_KINDS_OF_WORDS.__getitem__, known)))
