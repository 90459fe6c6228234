//! What columns are called where no profile knows the table.

use crate::row::{Key, fold, truth};
use hashbrown::HashMap;
use std::cell::RefCell;

/// Names of columns, folded; the better ones first. Events' own keys come with [`Key`].
const NAMES: &[(Key, &str)] = &[
    (
        Key::Recipient,
        "recipient recipientemail recipientaddress recipientemailaddress rcpt rcptto bouncedemail \
         bouncedaddress bouncedrecipient failedrecipient emailaddress emailaddr email mail address \
         mailaddress leademail contactemail prospectemail subscriberemail customeremail useremail \
         subscriber to toemail toaddress emailto sentto destination destinationaddress finalrecipient \
         originalrecipient primaryemail workemail emailid \
         empfänger empfaenger empfängeradresse emailadresse emailadressen mailadresse adresse \
         destinataire adresseemail adressemail adresseélectronique courriel adressecourriel \
         correo correoelectrónico correoelectronico direccióndecorreo direcciondecorreo destinatario \
         dirección indirizzo indirizzoemail indirizzomail postaelettronica endereço endereçodeemail \
         endereco email1 ontvanger emailadres geadresseerde mottagare epost epostadress mottaker modtager \
         odbiorca adresemail adresat příjemce emailcím címzett alıcı eposta адрес получатель почта \
         収件人 收件人 邮箱 邮箱地址 电子邮件 電子郵件 メールアドレス 宛先 이메일 받는사람",
    ),
    (
        Key::Reply,
        "smtpmessage diagnosticcode deliverystatusmessage deliverystatusdescription diagnostic diagnosticinfo diagnosticmessage dsndiag diag smtpresponse \
         smtpreply smtpmsg smtperror servererror serverresponse remoteresponse response responsetext responsemessage \
         bouncereason bouncemessage bouncedescription bouncetext bounceerror bouncedetails bouncedetail \
         bouncediagnostic smtpbouncereason errormessage errortext errordescription errordetail errordetails \
         errorreason error failurereason failuremessage failurereasontext failreason rejectreason rejectionreason \
         returnmessage err ndr ndrmessage dsnmessage rawreason reason reasontext message details detail description \
         lasterror log logmessage text comment \
         grund fehlermeldung fehler fehlertext ursache antwort serverantwort begründung diagnose \
         raison motif erreur messagederreur réponse cause \
         motivo razón razon mensajedeerror respuesta \
         causa errore messaggiodierrore risposta messaggio \
         razão razao mensagemdeerro erro resposta foutmelding reden orsak felmeddelande \
         powód powod błąd blad причина ошибка ответ 原因 退信原因 错误信息 理由 エラー 사유",
    ),
    (
        Key::Code,
        "smtpcode deliverystatuscode smtpstatus smtpstatuscode smtpreplycode smtpresponsecode statuscode responsecode replycode \
         errorcode bouncecode failurecode code errno fehlercode fehlernummer codeerreur codederreur \
         códigodeerror codigodeerror codicediderrore codiceerrore código codigo codice foutcode kod 错误代码",
    ),
    (
        Key::EnhancedCode,
        "enhancedcode smtpenchcode enchcode enhancedstatuscode enhancedstatus dsnstatus dsncode dsn statusdsn extendedcode \
         extendedstatuscode bounceextendedcode",
    ),
    (
        Key::Kind,
        "kind event eventtype eventname action activity activitytype result outcome deliverystatus \
         emailstatus mailstatus messagestatus mailingstate mailingstatus leadstatus prospectstatus \
         contactstatus sendstatus suppressiontype suppressionreason suppressedreason recordtype status type state \
         ereignis aktion zustand évènement événement evenement statut estado tipo stato evento stan статус состояние событие 状态 状態",
    ),
    (
        Key::Class,
        "class bouncetype bounceclass bounceclassification bouncecategory bouncecat bouncesubtype \
         bouncesubcategory classification category subtype failuretype errortype reasoncode \
         bouncetyp bounceart typederebond tipoderebote",
    ),
    (
        Key::Severity,
        "severity hardsoft hardorsoft bounceseverity hardbounce",
    ),
    (
        Key::Bounced,
        "bounced isbounced hasbounced emailbounced bounce emailhasbounced bouncestatus bounces bouncecount numberofbounces totalbounces zurückgewiesen rebotado",
    ),
    (
        Key::Complained,
        "complained iscomplaint complaint spamcomplaint spamreport markedasspam reportedspam",
    ),
    (
        Key::FeedbackType,
        "feedbacktype complainttype fbltype complaintfeedbacktype",
    ),
    (
        Key::OccurredAt,
        "occurredat bouncedat bouncedon bouncedate bouncetime bouncedatetime datebounced timestamp eventtime \
         eventdate eventtimestamp time datetime date created createdat createdon createddate createdtime \
         failedat lastbouncedat lastbounce lastbouncedate reportedat receivedat when loggedat timelogged \
         lastevent lasteventat lasteventtime eventat arrivedat occurred occurredon statusdate statusupdatedat errordate \
         origintimestamputc suppressedat ts received updatedat dateadded addedat processed \
         datum zeit zeitpunkt zeitstempel datumzeit erstelltam dateheure datedecréation horodatage heure \
         fecha fechayhora hora data dataora dataehora tijd tijdstip tid tidpunkt дата время 时间 日期 日時",
    ),
    (
        Key::SentAt,
        "sentat senttime sentdate datesent senton sendtime senddate timesent sentdatetime sentdateutc emailsentat \
         emailsentdate mailsentat deliveredat delivereddate deliverydate deliverytime datedelivered dispatchedat \
         processedat submittedat acceptedat launchedat \
         gesendetam versendetam versandtam versanddatum sendedatum gesendetum zugestelltam \
         envoyéle envoyele datedenvoi datedenvoie dateenvoi heuredenvoi \
         fechadeenvío fechadeenvio fechaenvío fechaenvio enviadoel datainvio datadiinvio inviatoil \
         datadeenvio datadoenvio dataenvio enviadoem verzondenop verzenddatum verzonddatum skickatden skickad \
         sendtden datawysłania wysłanodnia датаотправки отправленов 发送时间 發送時間 送信日時 送信日 발송일",
    ),
    (
        Key::Mailbox,
        "mailbox mailboxaddress mailboxemail sendingmailbox sendingaccount sendingemail sender senderemail \
         senderaddress sendermailbox from fromemail fromaddress emailfrom friendlyfrom headerfrom emailaccount \
         account sentfrom emailsentfrom sentfromemail sentby sendfrom senduseremail campaignemail inbox sendinginbox \
         mailfrom msgfrom teammember source absender absenderadresse von expéditeur expediteur remitente mittente remetente afzender \
         avsändare nadawca отправитель 发件人 差出人",
    ),
    (
        Key::Campaign,
        "campaignid campaign campaignname campaigntitle kampagne campagne campaña campana campanha campagna \
         sequence sequencename sequenceid cadence cadencename flow mailing mailingname jobid job broadcast \
         broadcastid emailname newsletter newslettername automation automationname tag",
    ),
    (
        Key::Step,
        "sequencestepid step sequencestep stepnumber stepid sequencenumber emailnumber stepname schritt étape paso",
    ),
    (
        Key::Contact,
        "contactid leadid prospectid subscriberid subscriberkey personid recordid crmid customerid contact \
         userid externalid kontaktid",
    ),
    (
        Key::MessageId,
        "messageid smtpid internetmessageid originalmessageid rfc822messageid msgid emailmessageid nachrichtenid",
    ),
    (
        Key::Subject,
        "subject emailsubject subjectline messagesubject betreff objet sujet asunto oggetto assunto onderwerp ämne temat тема 主题 件名",
    ),
    (Key::Command, "command smtpcommand smtpstage"),
    (
        Key::RemoteMta,
        "remotemta mxhost mx remotehost remoteserver receivingmta recipientmta dsnmta smtpserver mailserver",
    ),
    (Key::ReportingMta, "reportingmta reportinghost"),
    (
        Key::Domain,
        "recipientdomain rcptdomain todomain empfängerdomain domainedudestinataire dominiodestinatario",
    ),
    (Key::Stream, "stream mailstream messagestream"),
    (
        Key::Count,
        "sentcount countsent emailssent emailsent emailssentcount emailsentcount mailssent messagessent sentemails \
         sentmessages totalsent totalemailssent totalsends sends sendcount numbersent numsent volume sendvolume \
         count total totalrecipients messages emailcount countaccepted acceptedcount deliveryattempts \
         anzahl gesendetemails gesendeteemails gesendetenachrichten versendetemails versendeteemails versandteemails anzahlgesendet \
         emailsenvoyés emailsenvoyes messagesenvoyés envois nombredenvois nombre \
         correosenviados emailsenviados enviados mensajesenviados cantidad emailinviate messaggiinviati inviati \
         inviate quantità enviadas mensagensenviadas quantidade aantal verzondenemails antal skickadee \
         liczba wysłanychwiadomości количество отправленописем 发送量 发送数 送信数 발송수",
    ),
];

/// Names are looked up once a thread; at most so many, and none that is longer, are
/// remembered.
const MOST: usize = 4096;
const LONGEST: usize = 64;

type Known = HashMap<Box<str>, Option<(Key, usize)>>;

thread_local! {
    static KNOWN: RefCell<Known> = RefCell::default();
}

/// The key that the name of a column stands for, and how good a name for it that
/// is: 0 is the best. The fields of every JSON object are asked for.
pub fn key_of(name: &str) -> Option<(Key, usize)> {
    if name.len() > LONGEST {
        return search(name);
    }
    if let Some(found) = KNOWN.with_borrow(|known| known.get(name).copied()) {
        return found;
    }
    let found = search(name);
    KNOWN.with_borrow_mut(|known| {
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(name.into(), found);
    });
    found
}

fn search(name: &str) -> Option<(Key, usize)> {
    let folded = fold(name);
    if folded.is_empty() || truth(name).is_some() {
        return None;
    }
    let own = Key::ALL.iter().find(|k| fold(k.as_str()) == folded);
    if let Some(key) = own {
        return Some((*key, 0));
    }
    let known = NAMES.iter().find_map(|(key, names)| {
        let rank = names.split_whitespace().position(|n| n == folded)?;
        Some((*key, rank + 1))
    });
    known.or_else(|| Some((compound(&folded)?, COMPOUND_RANK)))
}

/// Compounds are worse names than any that is listed.
const COMPOUND_RANK: usize = 500;

/// Words for a failure, of which the rest of a compound says what the column holds of it.
const FAILURE: &[&str] = &[
    "bounce",
    "rebond",
    "rejet",
    "rebote",
    "rebotado",
    "rechazo",
    "rejeicao",
    "rejeição",
    "rimbalzo",
    "rückläufer",
    "ruecklaeufer",
    "zurückweisung",
    "unzustellbar",
    "reject",
    "failure",
    "échec",
    "echec",
    "fallo",
    "falha",
    "smtp",
    "ndr",
    "dsn",
    "zustellfehler",
    "retour",
    "odbicia",
];

/// What a compound holds of a failure, the more particular before the more general.
const OF_FAILURE: &[(Key, &[&str])] = &[
    (Key::Code, &["code", "kode", "codice", "código", "codigo"]),
    (
        Key::Reply,
        &[
            "reason",
            "grund",
            "motif",
            "raison",
            "motivo",
            "ursache",
            "cause",
            "causa",
            "razon",
            "razón",
            "message",
            "meldung",
            "nachricht",
            "mensaje",
            "messaggio",
            "mensagem",
            "text",
            "texte",
            "texto",
            "testo",
            "detail",
            "beschreibung",
            "description",
            "descripción",
            "descrição",
            "descrizione",
            "diagnos",
            "antwort",
            "response",
            "réponse",
            "respuesta",
            "risposta",
            "resposta",
            "reden",
            "powód",
            "powod",
        ],
    ),
    (
        Key::Class,
        &[
            "type",
            "typ",
            "tipo",
            "art",
            "kategorie",
            "category",
            "catégorie",
            "categoria",
            "categoría",
            "class",
            "klasse",
            "soort",
        ],
    ),
    (
        Key::OccurredAt,
        &[
            "date",
            "datum",
            "fecha",
            "data",
            "time",
            "zeit",
            "heure",
            "hora",
            "timestamp",
            "tijd",
        ],
    ),
];

/// `Bounce-Grund`, `Raison du rejet`: a failure, and what of it.
fn compound(folded: &str) -> Option<Key> {
    let failure = FAILURE.iter().find(|word| folded.contains(**word))?;
    let rest = folded.replacen(failure, "", 1);
    OF_FAILURE
        .iter()
        .find(|(_, words)| {
            words
                .iter()
                .any(|w| rest.starts_with(w) || rest.ends_with(w))
        })
        .map(|(key, _)| *key)
}

/// The key that a word of `--map` means: an event key, a column of the sent log, or
/// a name that is known for one.
pub fn map_key(word: &str) -> Option<Key> {
    match word {
        "reason" | "category" => Some(Key::Class),
        "date" => Some(Key::SentAt),
        "event_type" => Some(Key::Kind),
        _ => Key::from_word(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i5_columns_are_known_in_several_languages() {
        for (name, expected) in [
            ("Email", Some(Key::Recipient)),
            ("E-Mail-Adresse", Some(Key::Recipient)),
            ("Empfänger", Some(Key::Recipient)),
            ("Adresse e-mail", Some(Key::Recipient)),
            ("Correo electrónico", Some(Key::Recipient)),
            ("Indirizzo email", Some(Key::Recipient)),
            ("Bounce Reason", Some(Key::Reply)),
            ("SMTP response", Some(Key::Reply)),
            ("Fehlermeldung", Some(Key::Reply)),
            ("Error code", Some(Key::Code)),
            ("Enhanced-Status-Code", Some(Key::EnhancedCode)),
            ("Bounce Type", Some(Key::Class)),
            ("Datum", Some(Key::OccurredAt)),
            ("From", Some(Key::Mailbox)),
            ("Message-ID", Some(Key::MessageId)),
            ("Sequence Step", Some(Key::Step)),
            ("Bounce-Grund", Some(Key::Reply)),
            ("Raison du rejet", Some(Key::Reply)),
            ("Motivo del rebote", Some(Key::Reply)),
            ("Art des Bounce", Some(Key::Class)),
            ("Date du rebond", Some(Key::OccurredAt)),
            ("SMTP server code", Some(Key::Code)),
            ("Bounce rate", None),
            ("Bounces", Some(Key::Bounced)),
            ("First Name", None),
            ("", None),
            ("x", None),
        ] {
            assert_eq!(key_of(name).map(|(k, _)| k), expected, "{name}");
        }
    }

    #[test]
    fn i5_no_name_stands_for_two_keys() {
        let mut seen = std::collections::HashMap::new();
        for (key, names) in NAMES {
            for name in names.split_whitespace() {
                assert_eq!(fold(name), name);
                if let Some(other) = seen.insert(name, key) {
                    panic!("{name} is {other:?} and {key:?}");
                }
            }
        }
    }
}
