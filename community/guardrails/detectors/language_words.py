"""Small words by which a language shows, without accents, as the folded text has them.

The first row of a language holds words that its names and titles seldom hold: verbs, pronouns,
negations, and what is said of medicines. The second holds articles, prepositions and links, which
stand in names and titles too ("van der Berg", "Société de Cardiologie").
"""

LANGUAGES: dict[str, tuple[str, str, str]] = {
    "en": (
        "English",
        ("is are was were be been has have had do does did not can could may might will would shall"
        " should must i you he she it we they this that these those there what which who when where"
        " how why if because but than then so also only very more most safe effective better please"
        " thank thanks see here your our their its"),
        "the a an of in on at by for with from to and or as about into over after before under",
    ),
    "de": (
        "German",
        ("ist sind wird werden wurde wurden nicht kein keine keinen auch wir ich sie er uns ihr"
        " ihre"
        " haben habe hatte kann konnen konnte muss mussen soll sollte sollten darf durfen wenn weil"
        " dass aber nur noch schon sehr mehr bitte danke wie warum hier diese dieser dieses sicher"
        " wirksam besser beste besten nebenwirkungen gibt nach bei steht stehen fachinformation"
         " abschnitt behandlung gerne zulassung wirkung vertraglich"),
        ("in der die das den dem des ein eine einen einem einer und oder fur mit von vom zu zum zur"
        " im am auf aus uber unter durch ohne gegen"),
    ),
    "fr": (
        "French",
        ("est sont etait etaient sera seront ne pas plus je tu il elle nous vous ils elles cette"
        " ces"
        " ont avait peut peuvent doit doivent faut mais donc tres bien aussi comme quand pourquoi"
        " merci bonjour chez sans avec dans qui que sur efficace meilleur meilleure mieux surs"
        " aucun aucune votre notre leur ce cela ca"),
        "le la les un une des du de et ou au aux pour par en",
    ),
    "es": (
        "Spanish",
        ("es son era fue esta estan ser estar no hay muy mas pero como cuando porque tambien nos"
        " usted ustedes ellos puede pueden debe deben tiene tienen gracias hola sin con para que"
        " este estos segura seguro seguros eficaz mejor ningun ninguna su sus lo se ha han"),
        "el la los las un una unos unas de del y o en por al",
    ),
    "it": (
        "Italian",
        ("e sono era essere ha hanno non piu molto ma come quando perche anche noi voi loro puo"
        " possono deve devono grazie buongiorno senza che questo questa questi queste sicuro sicura"
        " efficace migliore meglio nessun nessuna si ci suo sua"),
        "il lo la gli le un una di del della dei delle nel nella con per da dal ed o al alla",
    ),
    "nl": (
        "Dutch",
        ("is zijn was waren wordt worden niet geen ook wij ik jij hij ze hebben heeft had kan"
        " kunnen"
        " moet moeten mag maar omdat als dan heel zeer meer graag dank hier deze dit dat die veilig"
        " werkzaam beter beste uw onze bij naar er staat bijsluiter middel behandeling vraag"
         " geneesmiddel"),
        "de het een van den der en of voor met op aan uit over onder door zonder tegen te in",
    ),
    "pt": (
        "Portuguese",
        ("sao era foi esta estao ser estar nao ha muito mais mas como quando porque tambem voce"
        " voces eles elas pode podem deve devem tem obrigado obrigada ola sem com para que este"
        " esta estes seguro segura eficaz melhor nenhum nenhuma seu sua isso"),
        "o os as um uma de do da dos das e em no na nos nas por ao",
    ),
    "pl": (
        "Polish",
        ("jest sa byl byla bylo byc nie tak jak ale tylko bardzo tez ze ktory ktora ktore moze"
        " mozna"
        " nalezy trzeba dziekuje prosze dla przez przy bez jego jej ich tego tym ten ta to czy gdy"
        " bezpieczny bezpieczna skuteczny skuteczna lepszy lepsza najlepszy sie mnie nas"),
        "i w we z na do od po za o u oraz lub",
    ),
    "sv": (
        "Swedish",
        ("ar var inte ingen jag vi ni de han hon har hade kan skall ska bor maste men om nar for"
        " ocksa mycket mer tack hej detta denna dessa saker sakert effektiv battre bast eller"
        " utan"),
        "och en ett den det i pa av med till fran som",
    ),
    "da": (
        "Danish or Norwegian",
        ("er var ikke ingen jeg vi du han hun har havde hadde kan skal bor ma men hvis nar ogsa"
        " meget mer tak takk hej dette denne disse sikker sikkert effektiv bedre bedst best eller"
        " uten uden blir bliver"),
        "og en et den det i pa af av med til fra som",
    ),
    "cs": (
        "Czech or Slovak",
        ("je jsou byl byla bylo byt neni nie su ne jako ale jen velmi take ze ktery ktera ktere"
        " muze"
        " dekuji prosim pro pri bez jeho jejich tento tato toto nebo kdyz bezpecny ucinny lepsi"
        " se"),
        "a v ve z na do od po za o u s k i",
    ),
    "tr": (
        "Turkish",
        ("bir ve bu icin ile degil cok daha en ama gibi olarak var yok ne nasil neden biz siz ben"
        " onlar olan olabilir guvenli etkili iyi tesekkurler merhaba"),
        "de da mi mu",
    ),
    "ro": (
        "Romanian",
        ("este sunt era nu si sau dar cum cand pentru care mai foarte multumesc fara poate trebuie"
        " acest aceasta sigur eficient bun"),
        "un o de la in pe cu din",
    ),
    "fi": (
        "Finnish",
        ("on ovat oli ei ole ja tai mutta kuin kun myos hyvin se ne he me te mina sina tama nama"
        " voi pitaa kiitos turvallinen tehokas parempi"),
        "",
    ),
    "hu": (
        "Hungarian",
        ("van vannak volt nem es vagy de hogy mint nagyon is mi ok ez az egy kell lehet koszonom"
        " biztonsagos hatasos jobb"),
        "a",
    ),
}  # fmt: skip

# Words that are another language's small words and also words of English texts, names and Latin.
AMBIGUOUS = frozenset(
    "a an am as at be best bor can de die do e en er es et ha had han has he hun i in is it ja je"
    " ma mag me mi mu mas men met mine most my ne no non o of on once or pas per plus se si so son"
    " sur"
    " te ten the to tu u un us van var was we were who y ze su son sent era pro post con van sa ta"
    " as all data dose fur hat war also gut rate chez sans la le ve ca os ole fra hej ser bun"
    " du gibt bei com par"
    .split()
)  # fmt: skip
