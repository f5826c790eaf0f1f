/** The only door of franc: languages that eld does not know, told apart from a few others by trigrams. */

export const francVersion = '6.2.0';

/** BCP 47 base language to franc's code, for every language of franc's tables that has a two-letter code or is much spoken. */
const codes: ReadonlyMap<string, string> = new Map(
  (
    'af:afr am:amh ar:arb ay:ayr az:azj ace:ace ban:ban bcl:bcl be:bel bem:bem bg:bul bho:bho bm:bam bs:bos bug:bug ca:cat ceb:ceb cs:ces ' +
    'da:dan de:deu dyu:dyu ee:ewe en:eng eo:epo es:spa et:ekk fa:pes ff:fuv fi:fin fon:fon fr:fra gaa:gaa gl:glg ha:hau he:heb ' +
    'hi:hin hil:hil hr:hrv ht:hat hu:hun id:ind ig:ibo ilo:ilo it:ita jv:jav kbd:kbd kg:kng kk:kaz ky:kir lg:lug ln:lin lt:lit ' +
    'lua:lua lv:lvs mad:mad mag:mag mai:mai men:men mg:plt min:min mk:mkd mn:khk mos:mos mr:mar ms:zlm nb:nob nds:nds ne:npi ng:ndo ' +
    'nl:nld nn:nno no:nob nso:nso ny:nya pam:pam pl:pol ps:pbu pt:por qu:quz rn:run ro:ron ru:rus rup:rup rw:kin sco:sco ' +
    'shn:shn sk:slk skr:skr sl:slv sn:sna so:som sq:als sr:srp ss:ssw st:sot su:sun suk:suk sv:swe sw:swh tg:tgk ti:tir tiv:tiv ' +
    'tk:tuk tl:tgl tn:tsn tpi:tpi tr:tur ts:tso tt:tat ug:uig uk:ukr umb:umb ur:urd uz:uzn ve:ven vec:vec vi:vie war:war wo:wol ' +
    'xh:xho yi:ydd yo:yor zu:zul'
  )
    .split(' ')
    .map((pair): [string, string] => [pair.split(':')[0] ?? '', pair.split(':')[1] ?? '']),
);
const tags: ReadonlyMap<string, string> = new Map([...codes].toReversed().map(([tag, code]) => [code, tag]));

/** Whether franc can answer with this base language. */
export function francKnows(language: string): boolean {
  return codes.has(language);
}

export interface RareIdentifier {
  /** The likeliest of the given base languages, or null when none of them is written in the text's script. */
  readonly choose: (text: string, languages: readonly string[]) => string | null;
}

let loading: Promise<RareIdentifier> | undefined;

export function loadRareIdentifier(): Promise<RareIdentifier> {
  loading ??= load();
  return loading;
}

async function load(): Promise<RareIdentifier> {
  const { franc } = await import('franc');
  return {
    choose: (text, languages) => {
      const only = [...new Set(languages.flatMap((language) => codes.get(language) ?? []))];
      if (only.length === 0) return null;
      return tags.get(franc(text, { only, minLength: 1 })) ?? null;
    },
  };
}
