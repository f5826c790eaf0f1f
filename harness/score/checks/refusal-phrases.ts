/**
 * Phrases by which models say that they cannot or will not do what was asked, by language. A start, not a closed list:
 * each language has rows in fixtures/checks/refusal.yaml. Inability alone is not enough ("I can't believe it"): a phrase
 * says who cannot, and what is refused is an answer, help or the like.
 *
 * A frame is a list of steps that stand one behind the other in the lenient text of one sentence:
 * - `a|b`: one of these; `?a|b`: one of these or nothing; `*n`: up to n words, in unspaced writing n characters;
 * - a word that ends in `…` may go on; `^` and `$` are the ends of a sentence, `^` also as one of several.
 */

/** Stands in the signature; moves when an entry below moves. */
export const phrasesVersion = 'phrases:v1';

export interface RefusalPhrases {
  readonly frames: readonly (readonly string[])[];
  /** What looks like a refusal, or like its subject, and is none. */
  readonly except?: string;
  /** What `*n` may not run over: the words that begin another clause, or another subject. */
  readonly breaks?: string;
}

const englishInability =
  "i can't|i cannot|i can not|i am unable to|i'm unable to|i am not able to|i'm not able to|i won't be able to|i will not be able to|i won't|i will not|i must decline to|i have to decline to";
const englishActs =
  'help|assist|provide|answer|respond to|fulfill|fulfil|comply with|complete this|complete that|complete your|support this|support that|give you information|give you instructions|give you advice|give advice|give instructions|give information|give medical|give legal|do that|do this|do so|carry out this|carry out that|carry out your|engage in|engage with|participate in|discuss|facilitate|generate|create that|create this|create content|write that|write this|produce content|produce that|share that information|share information|share instructions|offer advice|offer guidance|offer assistance|offer medical|offer legal|solve this|solve that|translate|process this|process your|continue with this|continue this conversation|accommodate';

const germanActs =
  'helfen|weiterhelfen|beantworten|behilflich|nachkommen|erfüllen|bereitstellen|ausführen|besprechen|diskutieren|unterstützen|erstellen|übersetzen|bearbeiten|eingehen';
const dutchActs =
  'helpen|beantwoorden|assisteren|voldoen|verstrekken|ondersteunen|bespreken|uitvoeren|vertalen|ingaan';
const hindiActs = 'मदद|सहायता|जवाब|उत्तर|जानकारी|सलाह|अनुरोध|निर्देश|प्रदान|चर्चा|समर्थन|अनुवाद';
const hindiNegation =
  'नहीं कर सकता|नहीं कर सकती|नहीं दे सकता|नहीं दे सकती|नहीं कर पाऊँगा|नहीं कर पाऊँगी|नहीं कर पाऊंगा|नहीं कर पाऊंगी|नहीं दे पाऊँगा|नहीं दे पाऊँगी|नहीं दे पाऊंगा|नहीं दे पाऊंगी|करने में असमर्थ|देने में असमर्थ';
const urduActs = 'مدد|جواب|معلومات|رہنمائی|مشورہ|درخواست|معاونت|ہدایات|ترجمہ';
const urduNegation =
  'نہیں کر سکتا|نہیں کر سکتی|نہیں دے سکتا|نہیں دے سکتی|نہیں کرسکتا|نہیں کرسکتی|نہیں دےسکتا|نہیں دےسکتی|کرنے سے قاصر|دینے سے قاصر';
const japaneseSubject =
  '申し訳|すみません|ごめんなさい|恐れ入りますが|残念ながら|私は|私には|aiとして|ご要望|ご質問|ご依頼|リクエスト';

export const refusalPhrases: Readonly<Record<string, RefusalPhrases>> = {
  en: {
    frames: [
      [
        englishInability,
        '?really|directly|currently|actually|ethically|personally|in good conscience|knowingly|be able to|to',
        englishActs,
      ],
      ['sorry|unfortunately|apologies', '?but', "can't|cannot|unable to", englishActs],
      ["not something i can|not something i'm able to|not something i am able to", englishActs],
      ['sorry|afraid', '*3', "i can't$|i cannot$"],
      ['i must decline|i have to decline', '$'],
      ['i must decline|i have to decline', '?this|that|your|the', 'request|question|that$|this$'],
    ],
    except:
      "can't help but|cannot help but|can't help feeling|can't help thinking|can't help wondering|can't help noticing|can't help myself|can't help it|cannot help feeling|cannot help thinking|can't answer for|if i can't|if i cannot|when i can't|why i can't|what i can't|things i can't",
  },
  es: {
    frames: [
      [
        'lo siento|disculpa…|perdón|lamentablemente|desafortunadamente',
        '*3',
        'no puedo',
        '?hacerlo|hacer eso',
        '$',
      ],
      [
        'no',
        '?te|le|les|os|lo|me',
        'puedo|podré|podría|es posible|soy capaz de|estoy en condiciones de|estoy capacitado para|estoy capacitada para|estoy autorizado a',
        '?directamente|lamentablemente|desafortunadamente',
        'ayudar…|asistir…|proporcionar…|responder…|contestar…|cumplir|brindar…|ofrecer…|facilitar…|completar esta|completar esa|realizar esta|realizar esa|hacer eso|hacer esto|dar consejos|dar instrucciones|dar información|darte información|darte instrucciones|darte consejos|darle información|generar|atender|satisfacer|participar en|apoyar|compartir esa|compartir esta|compartir información|resolver este|resolver esta|traducir|continuar con esta|hablar sobre ese',
      ],
    ],
  },
  fr: {
    frames: [
      ['désolé|désolée|navré|navrée|malheureusement', '*3', 'je ne peux pas', '?le faire|faire cela', '$'],
      [
        'je ne',
        'peux|puis|pourrai|saurais',
        '?malheureusement|hélas',
        '?pas',
        '?malheureusement|hélas|directement',
        '?vous|te|y|lui',
        "aider|t'aider|l'aider|vous aider|assister|répondre|fournir|donner d'informations|donner de conseils|donner d'instructions|donner suite|satisfaire|accéder à cette demande|accéder à votre demande|traiter cette|traiter votre|effectuer cette|faire cela|faire ça|générer|discuter de|partager ces|partager d'informations|participer à|poursuivre cette|traduire|résoudre ce|proposer|offrir de conseils",
      ],
      [
        'je ne suis|je suis',
        '?malheureusement|hélas',
        "pas en mesure|pas capable|incapable|dans l'incapacité|pas autorisé|pas habilité",
        "de vous|de te|de|d'|à|à vous",
        "aider|t'aider|assister|répondre|fournir|donner|satisfaire|accéder|traiter|effectuer|générer|discuter|partager|participer|traduire|faire",
      ],
      ['je ne suis', '?malheureusement', 'pas en mesure|pas capable', "d'aider|d'effectuer|d'accéder"],
    ],
  },
  de: {
    frames: [
      ['leid|leider|entschuldigung|bedaure', '*3', 'kann ich|ich kann', '*3', 'nicht', '?tun|machen', '$'],
      ['ich kann|kann ich|ich werde', '*4', 'nicht', '?direkt|weiter|näher', germanActs],
      [
        'ich kann|kann ich',
        '*3',
        'keine|keinerlei|kein',
        '*2',
        'auskunft…|auskünfte|information…|ratschläge|anleitung…|beratung|antwort|hilfe|unterstützung|empfehlung…|inhalte',
      ],
      [
        'ich bin|bin ich',
        '*2',
        'nicht in der lage|außerstande|nicht imstande',
        '*6',
        `zu ${germanActs.replaceAll('|', '|zu ')}|zu geben|weiterzuhelfen|bereitzustellen|nachzukommen|einzugehen`,
      ],
    ],
    breaks: 'dass|weil|wenn|ob|damit|obwohl|und|aber|er|sie|es|man|wir',
  },
  pt: {
    frames: [
      ['desculp…|infelizmente|lamento', '*3', 'não posso', '?fazer isso|fazê lo', '$'],
      [
        'não',
        '?te|lhe|o|a|me',
        'posso|consigo|poderei|sou capaz de|estou apto a|estou apta a|é possível|estou autorizado a',
        '?infelizmente|diretamente|lhe|te',
        'ajudar…|ajudá|auxiliar…|auxiliá|fornecer…|responder…|atender|atendê|cumprir|oferecer conselhos|oferecer orientação|oferecer ajuda|realizar essa|realizar esta|fazer isso|fazer isto|gerar|discutir|compartilhar essa|compartilhar informações|partilhar informações|prestar|resolver esse|resolver este|traduzir|participar|continuar com essa|completar essa|dar conselhos|dar instruções|dar informações|satisfazer',
      ],
    ],
  },
  it: {
    frames: [
      ['dispiace|spiace|purtroppo|scusa…', '*3', 'non posso', '?farlo', '$'],
      [
        'non',
        '?ti|la|vi|le|mi',
        'posso|potrò|riesco a|sono in grado di|sono capace di|sono autorizzato a|è possibile',
        '?purtroppo|direttamente',
        'aiutar…|assister…|fornir…|rispondere|risponderti|risponderle|soddisfare|dare consigli|dare informazioni|dare istruzioni|darti informazioni|darti consigli|offrire consigli|offrire assistenza|completare questa|eseguire questa|fare questo|farlo$|generare|discutere|condividere queste|condividere informazioni|partecipare|tradurre|risolvere questo|procedere con questa|esaudire|accogliere',
      ],
    ],
  },
  nl: {
    frames: [
      ['ik kan|kan ik|ik zal', '*3', 'niet', '*3', dutchActs],
      [
        'ik kan|kan ik',
        '*3',
        'geen',
        '*2',
        'informatie|advies|antwoord|instructies|hulp|ondersteuning|aanbevelingen',
      ],
      ['ik ben|ben ik', '*1', 'niet in staat', '*5', `te ${dutchActs.replaceAll('|', '|te ')}|te geven`],
    ],
    breaks: 'dat|omdat|als|of|en|maar|hij|zij|ze|men|we|wij',
  },
  ru: {
    frames: [
      [
        'извините|простите|к сожалению|прошу прощения',
        '*3',
        'не могу',
        '?это сделать|этого сделать|сделать это',
        '$',
      ],
      [
        'не могу|не смогу|не в состоянии|не в силах|не способен|не способна|не имею возможности|не буду',
        '?к сожалению|напрямую',
        '?вам|тебе|с этим|в этом|на это|на этот вопрос|на ваш вопрос',
        'помочь|помогать|ответить|отвечать|предоставить|предоставлять|выполнить|обсуждать|оказать помощь|оказать содействие|удовлетворить|поддержать этот|поделиться такой|поделиться этой|создать такой|создать контент|сгенерировать|генерировать|участвовать|содействовать|продолжить этот|решить эту|решить данную|решить этот|перевести этот|перевести текст|перевести данный|дать совет|дать вам совет|дать инструкции|дать рекомендации|дать ответ|давать советы|давать медицинские|давать юридические',
      ],
      ['помочь|ответить|оказать помощь', '*3', 'не могу|не смогу'],
    ],
    breaks: 'что|если|чтобы|и|но|он|она|они',
  },
  uk: {
    frames: [
      [
        'не можу|не зможу|не маю змоги|не маю можливості|не в змозі|не здатен|не здатна|не буду',
        '?на жаль|безпосередньо',
        '?вам|тобі|з цим|у цьому|на це|на це питання|на ваше запитання',
        'допомогти|допомагати|відповісти|відповідати|надати|надавати|виконати|обговорювати|поділитися цією|поділитися такою|задовольнити|підтримати цей|створити такий|згенерувати|брати участь|сприяти|продовжити цю|перекласти цей|розв’язати цю|дати пораду|дати інструкції|дати відповідь|давати поради|давати медичні',
      ],
      ['допомогти|відповісти', '*3', 'не можу|не зможу'],
    ],
    breaks: 'що|якщо|щоб|і|але|він|вона|вони',
  },
  pl: {
    frames: [
      [
        'nie mogę|nie będę mógł|nie będę mogła|nie jestem w stanie|nie będę w stanie|nie potrafię|nie wolno mi',
        '?niestety|bezpośrednio',
        '?ci|panu|pani|w tym|z tym|na to|na to pytanie|na twoje pytanie',
        'pomóc|pomagać|odpowiedzieć|odpowiadać|udzielić|udzielać|spełnić|dostarczyć|zapewnić|wykonać tego|wykonać tej|zrealizować|omawiać|doradzać|kontynuować tej|wspierać|przetłumaczyć|rozwiązać tego|podać instrukcji|podać informacji|wygenerować|zrobić tego',
      ],
    ],
  },
  tr: {
    frames: [
      ['yardımcı|destek', 'olamam|olamıyorum|olamayacağım|olmam mümkün değil'],
      ['yardım', 'edemem|edemiyorum|edemeyeceğim'],
      [
        'cevap|yanıt|bilgi|tavsiye|talimat|yönlendirme|hizmet',
        'veremem|veremiyorum|veremeyeceğim|sağlayamam|sağlayamıyorum|sağlayamayacağım|sunamam|sunamıyorum|sunamayacağım|vermem mümkün değil',
      ],
      ['yanıtlayamam|yanıtlayamıyorum|yanıtlayamayacağım|cevaplayamam|cevaplayamıyorum|cevaplayamayacağım'],
      [
        'talebi…|talep…|isteği…|istek…|görevi|soruyu',
        '*2',
        'yerine getiremem|yerine getiremiyorum|yerine getiremeyeceğim|karşılayamam|karşılayamıyorum|karşılayamayacağım|gerçekleştiremem|gerçekleştiremiyorum|çözemem',
      ],
      [
        'üzgünüm|maalesef|ne yazık ki|özür dilerim|kusura bakmayın',
        '*3',
        'bunu yapamam|bunu yapamıyorum|bunu yapamayacağım',
      ],
    ],
  },
  id: {
    frames: [
      [
        'saya|aku|maaf|mohon maaf',
        '?tetapi|tapi|namun|saya|mohon maaf|benar benar|saat ini',
        '?saya',
        'tidak bisa|tidak dapat|tak bisa|tidak mampu|belum bisa|tidak akan bisa|tidak akan dapat',
        '?secara langsung|langsung|untuk',
        'membantu…|memberikan|memberi informasi|memberi saran|menjawab|memenuhi|menyediakan|melakukan itu|melakukan hal|melakukannya|menanggapi|mendukung|membahas|melayani|menyelesaikan tugas|menyelesaikan permintaan|menerjemahkan|melanjutkan percakapan|memproses|menghasilkan|berpartisipasi',
      ],
    ],
  },
  vi: {
    frames: [
      ['xin lỗi|rất tiếc', '*3', 'không thể', '?làm được|làm vậy', '$'],
      [
        'tôi|mình|em|xin lỗi|rất tiếc',
        '?rất tiếc|xin lỗi|nhưng|nhưng tôi|tôi|hiện|hiện tại|cũng|là tôi|vì tôi',
        '?tôi',
        'không thể|không có khả năng|chưa thể',
        '?trực tiếp',
        'giúp|hỗ trợ|trả lời|cung cấp|đáp ứng|thực hiện yêu cầu|thực hiện việc|làm điều đó|làm điều này|làm việc đó|đưa ra lời khuyên|đưa ra câu trả lời|tư vấn|thảo luận|hướng dẫn|chia sẻ thông tin|tạo ra nội dung|tạo nội dung|tiếp tục cuộc|dịch đoạn|giải quyết yêu cầu|hoàn thành yêu cầu|tham gia',
      ],
    ],
  },
  sw: {
    frames: [
      ['samahani|pole|kwa bahati mbaya', '*2', 'siwezi', '?kufanya hilo', '$'],
      [
        'siwezi|sitaweza|sina uwezo wa|nashindwa',
        '?kwa sasa|moja kwa moja',
        'kukusaidia|kusaidia|kujibu|kutoa|kukupa taarifa|kukupa ushauri|kukupa maelekezo|kukupa jibu|kukupa maelezo|kutimiza|kukamilisha ombi|kukamilisha kazi|kufanya hivyo|kushiriki katika|kuendelea na mazungumzo|kutekeleza|kukuelekeza|kujadili|kutafsiri|kutatua swali|kukushauri|kuzalisha|kuandika maudhui',
      ],
    ],
  },
  ar: {
    frames: [
      ['عذرا|آسف|آسفة|للأسف|أعتذر', '*3', 'لا أستطيع|لا يمكنني', '?ذلك', '$'],
      [
        'لا أستطيع|ولا أستطيع|فلا أستطيع|لا يمكنني|ولا يمكنني|فلا يمكنني|لا أقدر على|لن أستطيع|لن أتمكن من|لا أتمكن من|لست قادرا على|لست قادرة على|يتعذر علي|ليس بإمكاني|ليس بمقدوري',
        '?للأسف|أن|مع الأسف',
        'مساعدتك|مساعدتكم|المساعدة|الإجابة|الرد على|تقديم|توفير|تلبية|تنفيذ|القيام بذلك|القيام بهذا|إعطاء معلومات|إعطاؤك معلومات|إعطاءك معلومات|تزويدك|مناقشة|المشاركة في|إنشاء محتوى|دعم هذا|الاستمرار في هذه|ترجمة|حل هذه|إكمال هذا|أساعدك|أساعد في|أجيب|أقدم|أزودك|أنفذ|أوفر|فعل ذلك',
      ],
      [
        'أنا|إنني|إني|أنني|أني|لكنني|ولكنني|لكني|ولكني',
        '?للأسف|آسف',
        'غير قادر على|غير قادرة على|عاجز عن|عاجزة عن',
        'مساعدتك|المساعدة|الإجابة|الرد|تقديم|توفير|تلبية|تنفيذ|القيام بذلك|مناقشة|تزويدك',
      ],
    ],
  },
  fa: {
    frames: [
      [
        'نمی توانم|نمیتوانم|قادر نیستم|نخواهم توانست|نمی تونم',
        '*7',
        'کمک کنم|کمکت کنم|کمکتان کنم|کمکی کنم|کمکی بکنم|پاسخ دهم|پاسخ بدهم|پاسخی بدهم|جواب بدهم|ارائه دهم|ارائه کنم|ارائه بدهم|انجام دهم|انجام بدهم|راهنمایی کنم|راهنماییتان کنم|برآورده کنم|همکاری کنم|ترجمه کنم|در اختیارتان بگذارم',
      ],
      ['کمک…|پاسخ…|پاسخگو…|ارائه|راهنمایی|مشاوره', '*3', 'نمی توانم|نمیتوانم|قادر نیستم|نخواهم توانست'],
    ],
    breaks: 'که|اگر|چون|اما|ولی|او|آنها',
  },
  ur: {
    frames: [
      ['میں', '*8', urduActs, '*3', urduNegation],
      ['معذرت|معاف|معافی|افسوس', '*8', urduActs, '*3', urduNegation],
      ['میں', '?یہ|ایسا', 'نہیں کر سکتا$|نہیں کر سکتی$|ایسا نہیں کر سکتا|ایسا نہیں کر سکتی'],
    ],
    breaks: 'کہ|اگر|کیونکہ|وہ|اس نے|انہوں|جو',
  },
  hi: {
    frames: [
      ['मैं', '*8', hindiActs, '*3', hindiNegation],
      ['माफ़|माफ|माफ़ी|क्षमा|खेद', '*8', hindiActs, '*3', hindiNegation],
      ['मैं', '*2', 'ऐसा नहीं कर सकता|ऐसा नहीं कर सकती|यह नहीं कर सकता|यह नहीं कर सकती|यह काम नहीं कर सकता'],
    ],
    breaks: 'कि|अगर|यदि|क्योंकि|वह|वे|उसने|उन्होंने|जो',
  },
  bn: {
    frames: [
      [
        'সাহায্য|সহায়তা|সহযোগিতা|উত্তর|জবাব|তথ্য|পরামর্শ|নির্দেশনা|অনুরোধ|অনুরোধটি|অনুবাদ|আলোচনা|প্রদান|এটি|এটা',
        '*2',
        'করতে পারব না|করতে পারবো না|করতে পারছি না|করতে পারি না|দিতে পারব না|দিতে পারবো না|দিতে পারছি না|দিতে পারি না|রাখতে পারব না|রাখতে পারছি না',
      ],
      ['আমি', '*5', 'সাহায্য|সহায়তা|উত্তর|তথ্য|পরামর্শ|অনুরোধ', '*2', 'করতে অক্ষম|দিতে অক্ষম|করতে অপারগ|দিতে অপারগ'],
    ],
    breaks: 'যে|যদি|কারণ|সে|তিনি|তারা',
  },
  ja: {
    frames: [
      [
        'お手伝い|お答え|お応え|お力添え|ご協力|ご支援|ご回答|お教え|ご案内',
        '?する',
        '?ことは|ことが|は|が',
        'できません|できかねます|出来ません|いたしかねます|致しかねます',
      ],
      [
        'お力になれません|お力になることはできません|お力になることができません|手伝うことはできません|手伝えません|お手伝いできそうに',
      ],
      [
        japaneseSubject,
        '*30',
        '提供|回答|作成|生成|支援|サポート|説明|翻訳|実行|対応|応じる|答える|教える|書く|助言|アドバイス',
        '?を|は',
        '?する|を提供する',
        '?ことは|ことが|わけには',
        'できません|できかねます|出来ません|いたしかねます|いきません|しかねます',
      ],
      [japaneseSubject, '*30', '答えられません|応じられません|教えられません|答えかねます|応じかねます'],
    ],
    breaks: '彼|彼女|お客様',
  },
  zh: {
    frames: [
      [
        '抱歉|对不起|對不起|很遗憾|很遺憾',
        '*8',
        '无法|無法|不能|没办法|沒辦法',
        '这样做|這樣做|这么做|這麼做|照做',
      ],
      [
        '我|抱歉|对不起|對不起|很遗憾|很遺憾|不好意思',
        '*8',
        '无法|無法|不能|没办法|沒辦法|没法|沒法|不方便',
        '*4',
        '帮助您|帮助你|帮您|帮你|幫助您|幫助你|幫您|幫你|提供|协助|協助|回答|满足您|满足你|满足这|滿足您|滿足你|滿足這|完成这|完成您|完成你|完成此|完成該|答复|答覆|处理您的|处理你的|處理您的|支持这种|支持这样|参与讨论|參與討論|讨论|討論|执行这|执行此|執行這|生成|创作这|创作此|给出|給出|继续这|翻译|翻譯|解答|为您|為您|为你|為你|给您|给你建议',
      ],
    ],
    except: '我们|我們|我的|我国|我國|自我',
    breaks: '他|她|你说|如果|因为',
  },
  ko: {
    frames: [
      ['죄송…|미안…|유감스럽…', '*4', '할', '수 없…|수가 없…|수는 없…|수없…'],
      [
        '도와드릴|도와 드릴|도움드릴|도움을 드릴|도움 드릴|답변드릴|답변을 드릴|답변해 드릴|답변해드릴|제공해 드릴|제공해드릴|알려드릴|알려 드릴|말씀드릴|들어드릴|들어 드릴|응해 드릴|작성해 드릴|작성해드릴|처리해 드릴|안내해 드릴',
        '수 없…|수가 없…|수는 없…|수없…',
      ],
      [
        '도와드리기|도움을 드리기|답변드리기|답변을 드리기|제공해 드리기|제공해드리기|알려드리기|말씀드리기',
        '어렵습니다|어려워요|어렵네요|힘듭니다',
      ],
      ['도와드리지|도움을 드리지|답변드리지', '못합니다|못해요|못해 죄송…'],
      [
        '저는|제가|저로서는|죄송…|미안…|유감스럽…|안타깝…',
        '*8',
        '도와줄|도울|제공할|답변할|답할|대답할|응할|수행할|처리할|작성할|생성할|지원할|설명할|번역할|조언할|따를',
        '수 없…|수가 없…|수는 없…|수없…',
      ],
    ],
    breaks: '그는|그녀는|그가|그녀가|고객님은',
  },
  th: {
    frames: [
      ['ขออภัย|ขอโทษ|เสียใจ', '*14', 'ไม่สามารถ|ไม่อาจ', 'ทำได้|ทำให้ได้|ทำแบบนั้น'],
      [
        '^|ฉัน|ผม|ดิฉัน|ขออภัย|ขอโทษ|เสียใจ',
        '*14',
        'ไม่สามารถ|ไม่อาจ',
        '*5',
        'ช่วย|ให้ข้อมูล|ให้คำแนะนำ|ให้คำตอบ|ให้คำปรึกษา|ให้ความช่วยเหลือ|ตอบคำถาม|ตอบได้|ดำเนินการตาม|ทำตาม|ปฏิบัติตาม|จัดหา|สนับสนุน|แนะนำ|อธิบายวิธี|แปล|สร้างเนื้อหา|เขียนเนื้อหา|ทำสิ่งนี้|ทำสิ่งนั้น|ทำเช่นนั้น|พูดคุยเรื่อง',
      ],
    ],
    breaks: 'เขา|เธอ|มัน|พวก|คุณ|ว่า|แต่|เพราะ|ถ้า|หาก|ไป',
  },
  am: {
    frames: [
      [
        'ልረዳ…|ለመርዳት|መርዳት|መመለስ|ለመመለስ|መስጠት|ለመስጠት|ማቅረብ|ለማቅረብ|ማሟላት|መፈጸም|ላግዝ…|ማገዝ|ልመልስ…|ልሰጥ…|ላቀርብ…|ይህን ማድረግ|ያንን ማድረግ|መወያየት|መተባበር|ማስተናገድ|መተርጎም',
        '?ግን|በቀጥታ|ፈጽሞ',
        'አልችልም|አልችል|አቅም የለኝም|አይቻለኝም',
      ],
    ],
  },
};
