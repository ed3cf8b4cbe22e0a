"""Given names that are common in many countries, as they stand once accents are folded away.

Written down from general knowledge; no list was copied. `SOFT` are also everyday words, months,
places or things of medicine, and are names only where the words around them say so.
"""

GIVEN = frozenset(
    """
    aaron abby abdul abdullah abigail abraham adam adele adrian adriana agnes agnieszka ahmad ahmed
    aidan aisha akira alan alana alastair albert alberto alejandra alejandro aleksandra alessandra
    alessandro alex alexa alexander alexandra alexandre alexis alfie alfonso alfred ali alice
    alicia alina alison alistair allan allen allison alma alvin amanda amelia amina amit amir amy
    ana anastasia andre andrea andreas andres andrew andrzej andy anette angela angelica angelina
    angelo angie anil anita anja anjali ann anna annabel anne annemarie annette annie antoine anton
    antonia antonio anthony anya april archie ariana arjun arnold arthur arturo asha ashley astrid
    audrey aurelie ava ayesha barbara barry bartosz bastian beata beatrice beatriz becky ben
    benedict benjamin bernadette bernard bernd bert bertha beth bethany betty beverly bianca birgit
    bjorn bob bobby boris brad bradley brandon brenda brendan brian bridget brigitte bruce bruno
    bryan caitlin callum calvin cameron camila camille carina carl carla carlo carlos carmen
    carolina caroline carolyn carrie catarina caterina catherine cathy cecilia cedric celeste
    celine cesar chandra charlene charles charlie charlotte chen cheryl chiara chloe chris christa
    christian christiane christina christine christoph christopher cindy claire clara clare claude
    claudia claudio clement clive colin colleen connie connor conor conrad constance corinne
    courtney craig cristina curtis cynthia cyril damian damien dan daniel daniela daniele danielle
    danny daphne darius darren dave david deborah debbie deborah declan deepa deepak delia denis
    denise dennis derek diana diane diego dieter dimitri dina dirk dmitri dolores dominic dominik
    dominique don donald donna dora doreen doris dorota dorothea dorothy doug douglas duncan dylan
    earl ed eddie edgar edith edmund eduardo edward edwin eileen elaine eleanor elena eleni elias
    elif elisa elisabeth elise eliza elizabeth ella ellen ellie elliot elsa elsie emil emilia
    emilie emily emma emmanuel enrique eric erica erich erik erika erin ernest ernesto ester esther
    ethan etienne eugene eva evan evelyn ewa fabian fabio farah fatima fatma federico felicity
    felipe felix ferdinand fernanda fernando fiona flora florian frances francesca francesco
    francine francis francisco franco francois francoise frankie franz fred freddie frederic
    frederick freya frieda friedrich fritz gabriel gabriela gabriele gabrielle gareth garry gary
    gavin gemma geoffrey george georgia georgina gerald geraldine gerard gerd gerhard gertrude
    giles gillian gina giorgio giovanni gisela giulia giuseppe gladys glenda gloria gordon graham
    greg gregory greta guido guillaume guillermo gunther gustavo guy gwen hanna hannah hannelore
    hans harald harold haruki harriet harry harvey hassan hazel heather hector hedwig heidi heike
    heinrich heinz helen helena helene helga helmut henri henrietta henrik henry herbert herman
    hilary hilda hiroshi holger howard hubert hugh hugo hussein ian ibrahim ignacio igor ilse imran
    ines inga inge ingrid irene irina irma isaac isabel isabella isabelle isla ismail ivan ivana
    jack jackie jacob jacqueline jacques jake jakob jakub jamal james jamie jan jana jane janet
    janice janina jared jasmine jason javier jay jayden jean jeanette jeanne jeff jeffrey jen jenna
    jennifer jenny jens jeremy jerome jerry jesse jessica jesus jill jim jimmy joan joana joanna
    joanne joao joaquin jodie joe joel joerg johan johann johanna john johnny jon jonas jonathan
    jorge jorg jose josef josefina joseph josephine josh joshua joyce juan juanita judith judy
    jules julia julian juliana julie juliet julien julio jurgen justin justine kaitlyn kamal karen
    karim karin karina karl karla karolina kate katarina katarzyna katharina katherine kathleen
    kathryn kathy katie katja katrin kayla keisha keith kelly ken kenji kenneth kerry kevin khadija
    kim kimberly kiran kirsten kirsty klaus konrad krishna kristen kristian kristin kristina
    kristine krzysztof kumar kurt kyle lakshmi lara larry lars latisha latoya laura lauren laurence
    laurent lawrence layla lea leah leila lena lennart leo leon leonard leonardo leroy leslie
    leticia lewis liam lidia lili liliana lillian lina linda lindsay lionel lisa liz lloyd logan
    lois lola lorena lorenzo loretta lorna lorraine lothar lou louis louisa louise luc luca lucas
    lucia lucie lucille lucy ludwig luis luisa lukas luke luz lydia lyn lynda lynn mabel maciej
    madeleine madison magdalena mahmoud malcolm malgorzata malik manfred manish manon manuel
    manuela marc marcel marcela marcia marco marcos marcus mareike margaret margarita margot
    marguerite maria mariam marian mariana marianne marie marilyn marina mario marion marisa
    marjorie marko markus marlene marta martha martin martina marvin mary maryam mateo mathias
    mathieu mathilde matilda matt matteo matthew matthias maureen maurice mauricio mauro maxim
    maximilian maxine maya megan mehmet mei melanie melinda melissa mercedes meredith mia michael
    michaela michal michel michele michelle miguel mike mikhail mila milan mildred millie min ming
    miranda miriam mitchell mohamed mohammad mohammed moira molly mona monica monika monique moritz
    morris muhammad muriel mustafa myra nabil nadia nadine nancy naomi natalia natalie natasha
    nathalie nathan nathaniel neha neil nelly nelson niamh nicholas nick nicola nicolas nicole
    nigel nikita niklas nikolai nils nina noah noel noemi nora norbert norma norman nuria oksana
    olaf oleg olga oliver olivia olivier omar oscar oskar otto owen pablo paige pamela paola paolo
    pascal patrice patricia patrick paul paula paulina pauline paulo pavel pawel pedro peggy
    penelope perry pete peter petra phil philip philippa philippe phillip phoebe phyllis pierre
    pilar piotr polly priscilla priya rachel rafael rahul raj rajesh ralph ramon ramona randall
    randy raphael raquel rashid raul ravi raymond rebecca regina reinhard renata renate rene
    ricardo riccardo richard rick ricky rita rob robbie robert roberta roberto rodney rodrigo roger
    roland rolf roman ron ronald ronnie rory rosa rosalie rosalind rosario rosemary rosie ross
    roxanne roy ruben rudolf rupert russell ruth ryan sabine sabrina said sally salma sam samantha
    samir samuel sandeep sandra sandy sanjay santiago sara sarah sasha saskia scott sean sebastian
    selma serena serge sergei sergio seth shane shannon sharon shaun sheila shelley sherry shirley
    sibylle sidney siegfried sigrid silke silvia simon simone sinead sofia sofie sonia sonja sophia
    sophie stacey stacy stan stanislaw stanley stefan stefanie stella stephan stephane stephanie
    stephen steve steven stuart sunil susan susanna susanne suzanne svetlana sven sylvia sylvie
    takashi tamara tania tanja tanya tara tariq tatiana ted teresa terence terry tessa thelma theo
    theodor theodore theresa therese thierry thomas tiffany tim timothy tina tobias todd tom tomas
    tomasz tommy toni tony tracey tracy travis trevor tristan trudy tyler ulrich ulrike ursula ute
    uwe valentina valeria valerie vanessa vera verena vernon veronica vicente vicki vicky victor
    vijay vikram viktor vincent viola violet vivian viviane vladimir walter wanda warren wayne wei
    wendy werner wesley wilfred wilhelm willem william wilma winston wolfgang wojciech xavier yan
    yasmin yolanda yousef youssef yuki yusuf yvette yvonne zachary zara zeynep zoe zofia zsofia
    aaliyah abbie adebayo adeola aditi aditya amara ananya anouk arnaud aoife babak blanca bogdan
    bronwyn carys chinedu chidi dalia dario darya demetrius deshawn devon dimitris ebony ekaterina
    emeka emre esperanza farid fatou femi galina gaurav ghassan giorgos gretchen hamza haruto hideo
    hina huda ifeoma ioana jamila jaroslav jiri jin joost jorn jung kaito kasper katya kemal khaled
    kofi kostas kwame laszlo leonie lieke ludmila magnus mahesh maja malin marek maren marjan meera
    mehdi meike milos mirela miroslav mohan mona nadeem naveed ngozi nikos nisha noor oluwaseun
    oyelaran pooja pradeep praveen radek ramesh rania reza rohan rosalia rukhsana sadia saeed
    sakura samira sana sanna satoshi seamus selim seema sepp shreya silvio siobhan sneha soren suki
    sunita suresh svenja swati tadeusz tariq thabo thandiwe tove uchenna vaclav venkat vidya vikas
    wilhelmina xin xiao yannick yelena yetunde yiannis ying yoko yoshiko yuan zainab zhang zoltan
    zsuzsanna kayleigh kaylee brittany ashleigh chelsea darlene dwayne eugenia florence geoff gerry
    hamish irving jeannie jocelyn jolene jordan kaye kendra kristy lamar leanne lenora lester lila
    lonnie lucinda luther lyle mamie marcy maude mavis melody mervyn mindy minnie mitch myrtle
    nadja nell nellie nettie nikki noreen odette opal ophelia orlando paulette pearl percy petula
    quentin quincy ralf reggie reginald rhonda rhys robyn rosalyn roslyn rowena sadie shawn sheldon
    shelby sheryl sian sonya stefano summer sydney tabitha tamika tasha thea toby tonya tricia
    trina troy tyrone ulysses velma verna vernon vince virginia vivien walt wilbur willis winifred
    zelda zena
    """.split()
)

SOFT = frozenset(
    """
    angel angie april art arch august austin autumn basil bay bill blanche brook carol chance chase
    chen christian crystal daisy dale dan dawn dean destiny don drew earl ed eden eve faith
    florence ford frank gene george georgia ginger glen grace grant guy harmony heath heaven herb
    holly hope ian iris ivy jack jade jan jasmine jean jesus jordan joy june kim lance lane laurel
    lee lily mark marie max may melody mercy miles milan min ming miles nick norm norma olive
    orlando pat pearl penny pearl perry philip pierce poppy prince ray raven rich river rob robin
    rod roman rose ross ruby said sandy santiago sierra sky sol stella summer sue sydney tad troy
    van victor victoria viola violet virginia vernon wade walker ward will win wolf yan young zhang
    nelson percy myrtle chelsea devon madison cameron logan bruce graham scott gordon ludwig miller
    ann ivan hassan wei mei xin yuan jin jung ying babinski nora thea minnie paris london
    """.split()
)
