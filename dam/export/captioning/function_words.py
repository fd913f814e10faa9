"""Words that belong to the next one, by language (BCP 47): small lists of what is said most."""

BINDING = {
    "en": "a an the this that these those my your his her its our their some any no every each of "
    "to in on at by for from with into onto over under about after before between through "
    "against during without within upon toward towards among behind beside near than as like "
    "and or but nor if because although though while when where who whom whose which unless "
    "until whether so",
    "de": "der die das den dem des ein eine einen einem einer eines kein keine mein meine dein sein "
    "seine ihr ihre unser unsere euer dieser diese dieses in im an am auf aus bei beim mit "
    "nach von vom vor zu zum zur über unter durch für gegen ohne um zwischen seit wegen "
    "während und oder aber denn sondern weil dass wenn ob als obwohl damit bis wie",
    "fr": "le la les l' un une des du de d' au aux ce cet cette ces mon ma mes ton ta tes son sa "
    "ses notre nos votre vos leur leurs à en dans sur sous par pour avec sans chez vers entre "
    "contre depuis pendant et ou mais ni car que qui quand si comme où dont lorsque parce "
    "puisque",
    "es": "el la los las un una unos unas lo al del de a en con por para sin sobre entre hasta "
    "desde hacia contra según mi tu su mis tus sus nuestro nuestra este esta estos estas ese "
    "esa y e o u pero ni que si cuando como porque aunque donde quien mientras",
    "it": "il lo la i gli le l' un uno una un' di a da in con su per tra fra del dello della dei "
    "degli delle al allo alla ai agli alle dal dalla nel nella nei sul sulla mio mia tuo suo "
    "sua questo questa e ed o ma né che se quando come perché dove mentre",
    "pt": "o a os as um uma uns umas de do da dos das em no na nos nas por pelo pela para com sem "
    "sobre entre até ao à aos meu minha seu sua este esta esse essa e ou mas nem que se "
    "quando como porque onde enquanto",
    "nl": "de het een mijn jouw zijn haar ons onze hun dit dat deze die in op aan bij met van voor "
    "naar uit over onder door tegen tussen zonder om tot en of maar want omdat als toen "
    "hoewel terwijl",
}
"""Articles, possessives, prepositions and conjunctions: no line and no caption ends with one of these,
and a break before them is a good one."""

LEANING = {
    "en": "i you he she it we they is are was were am be been has have had do does did will would "
    "can could shall should may might must not don't doesn't didn't won't can't very more "
    "most i'm it's he's she's we're they're",
    "de": "ich du er sie es wir man ist sind war waren hat habe haben hatte wird werden wurde kann "
    "können muss nicht sehr mehr sich",
    "fr": "je j' tu il elle on nous vous ils elles est sont était a ont avait ne n' se s' me m' te "
    "t' pas très plus",
    "es": "yo él ella nosotros ellos es son era ha han había se me te le no muy más",
    "it": "io tu lui lei noi voi loro è sono era ha hanno aveva si mi ti non molto più",
    "pt": "eu tu ele ela nós eles é são era tem têm tinha foi não muito mais",
    "nl": "ik jij je hij zij ze wij we is zijn was waren heeft hebben had wordt kan niet zeer meer zich",
}
"""Pronouns, auxiliary verbs and negations, which would rather stand with what follows."""

ABBREVIATIONS = (
    "mr. mrs. ms. dr. prof. st. sr. jr. gen. col. capt. lt. sgt. rev. hon. no. vs. etc. e.g. "
    "i.e. hr. fr. nr. bzw. z.b. d.h. usw. m. mme. mlle. sra. srta. dott. sig. dhr. mevr."
)
"""What a full stop ends without ending a sentence, in any of these languages."""
