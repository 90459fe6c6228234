//! Whole mails, with the words around those that decide.

use super::{Case, judge};

#[test]
fn i9_words_alone() {
    let replies = [
        (
            "Re: Quick question",
            "Hi,\n\nThank you for your email. I am currently on annual leave with limited access to email and will be returning on Monday 16th March.\n\nIf your query is urgent please contact sales@example.com.\n\nKind regards\nN",
        ),
        (
            "Re: Quick question",
            "I am out of the office today and tomorrow, returning Monday March 2nd. For urgent matters please call the main number.",
        ),
        (
            "Re: Quick question",
            "Hello and thanks for your note! I am traveling for work this week and will be slow to respond. If this is urgent, text me.",
        ),
        (
            "Re: Quick question",
            "Thank you for your message.\n\nPlease note that I no longer work at Example Ltd. Please direct all enquiries to info@example.com",
        ),
        (
            "Re: Quick question",
            "N. N. is no longer with Example. Please contact info@example.com for assistance.",
        ),
        (
            "Re: Quick question",
            "Thanks for reaching out! Your message has been received and a member of our team will get back to you within 1-2 business days.",
        ),
        (
            "Re: Quick question",
            "Please be advised that our offices are closed for the holidays from December 24 through January 1. We will respond to your email when we return.",
        ),
        (
            "AW: Angebot",
            "Sehr geehrte Damen und Herren,\n\nvielen Dank für Ihre Nachricht. Ich bin ab dem 09.03.2026 wieder im Büro. Ihre E-Mail wird nicht weitergeleitet. In dringenden Fällen wenden Sie sich bitte an info@example.de.",
        ),
        (
            "AW: Angebot",
            "Guten Tag,\n\nich bin derzeit nicht im Büro und am 9. März 2026 wieder für Sie erreichbar.\nIn dringenden Fällen hilft Ihnen Frau N. weiter.",
        ),
        (
            "AW: Angebot",
            "Hallo,\nleider bin ich bis zum 08.03. im Urlaub. Ab dem 09.03. bin ich wieder für Sie da. Bei dringenden Fragen: info@example.de",
        ),
        (
            "AW: Angebot",
            "Sehr geehrte Damen und Herren, Herr N. ist nicht mehr für unser Unternehmen tätig. Bitte wenden Sie sich an info@example.de. Vielen Dank für Ihre E-Mail.",
        ),
        (
            "RE: Proposition",
            "Bonjour,\n\nJe suis actuellement absent du bureau, et serai de retour le lundi 9 mars.\nPour toute urgence, merci de contacter accueil@example.fr.\nCordialement",
        ),
        (
            "RE: Proposition",
            "Bonjour,\nVotre message a bien été reçu. Nous vous répondrons dans les plus brefs délais.\nMerci de nous avoir contactés.",
        ),
        (
            "RE: Propuesta",
            "Hola,\nGracias por tu mensaje. Estaré de vacaciones hasta el próximo 9 de marzo. Para cualquier urgencia, puedes contactar con info@example.es",
        ),
        (
            "RE: Proposta",
            "Olá,\nAgradeço o seu contacto. Encontro-me de férias, regressando no dia 9 de março. Em caso de urgência, por favor contacte geral@example.pt",
        ),
        (
            "R: Proposta",
            "Buongiorno,\nsono fuori ufficio fino al 6 marzo compreso, con accesso limitato alla posta. Per urgenze contattare info@example.it.",
        ),
        (
            "RE: Voorstel",
            "Beste,\nIk ben momenteel met verlof en ben terug op maandag 9 maart. Voor dringende zaken kan u terecht bij info@example.be",
        ),
        (
            "SV: Förslag",
            "Hej!\nTack för ditt meddelande. Jag är föräldraledig till och med 31 augusti. Vid brådskande ärenden kontakta info@example.se",
        ),
        (
            "SV: Forslag",
            "Hej\nJeg holder ferie og er tilbage mandag den 9. marts. Ved hastende henvendelser kontakt venligst info@example.dk",
        ),
        (
            "SV: Forslag",
            "Hei,\nTakk for din e-post. Jeg er i permisjon og er tilbake 9. mars. Kontakt gjerne post@example.no i hastesaker.",
        ),
        (
            "VS: Ehdotus",
            "Hei,\nkiitos viestistäsi. Olen vuosilomalla 23.2.-8.3.2026. Palaan töihin maanantaina 9.3. Kiireellisissä asioissa info@example.fi",
        ),
        (
            "Odp: Propozycja",
            "Dzień dobry,\ndziękuję za wiadomość. Jestem na urlopie do 6 marca włącznie. W pilnych sprawach proszę o kontakt z info@example.pl",
        ),
        (
            "Re: Nabídka",
            "Dobrý den,\nčerpám dovolenou do 8. března. V naléhavých případech kontaktujte info@example.cz. Vracím se v pondělí 9. března.",
        ),
        (
            "Re: Ajánlat",
            "Tisztelt Partnerünk!\nKöszönöm megkeresését. Szabadságon vagyok március 6-ig. Sürgős esetben kérem, forduljon kollégámhoz.",
        ),
        (
            "Re: Ofertă",
            "Bună ziua,\nVă mulțumesc pentru mesaj. Sunt în concediu până pe 6 martie. Pentru urgențe: office@example.ro",
        ),
        (
            "Re: Предложение",
            "Здравствуйте!\nБлагодарю за письмо. С 23 февраля по 8 марта я нахожусь в отпуске. По срочным вопросам обращайтесь к N: info@example.ru",
        ),
        (
            "Ynt: Teklif",
            "Merhaba,\nE-postanız için teşekkür ederim. 6 Mart tarihine kadar yıllık izindeyim. Acil durumlarda info@example.com.tr adresine yazabilirsiniz.",
        ),
        (
            "Re: ご提案",
            "お世話になっております。\n株式会社例のNです。\n誠に勝手ながら、3月6日（金）まで休暇をいただいております。\n3月9日（月）以降に順次ご返信いたします。\nお急ぎの場合は代表電話までご連絡ください。",
        ),
        (
            "回复: 建议",
            "您好，\n我目前正在休假，将于3月9日返回办公室。如有紧急事宜，请联系 info@example.cn。",
        ),
        (
            "RE: 제안",
            "안녕하세요.\n메일 주셔서 감사합니다. 현재 휴가 중이며 3월 9일에 복귀 예정입니다. 급한 용무는 info@example.kr로 연락 부탁드립니다.",
        ),
        (
            "Message from N",
            "Hi, I use Boxbe to protect my inbox. Please confirm that you sent this message: your message is waiting.",
        ),
        (
            "Please confirm (conf#7f6a)",
            "This message was created automatically by mail delivery software (TMDA). Your message attached below is being held because the address has not been verified. To release your message for delivery, please send an empty message",
        ),
        (
            "Re: Hello",
            "Your email has been received. I only check mail twice a day. This is an automated response.",
        ),
    ];
    for (subject, body) in replies {
        let got = judge(&[], subject, body);
        let sure = got.as_ref().map_or(0.0, |a| a.confidence);
        assert!((0.75..0.95).contains(&sure), "{subject}: {body}: {got:?}");
    }
}

#[test]
fn i9_words_alone_that_are_not_enough() {
    let others = [
        (
            "Re: Quick question",
            "Hi N, thanks for your email. I am on vacation this week but Tuesday works. Talk then!\n\nOn Fri, 20 Feb 2026, N wrote:\n> can we talk?",
        ),
        (
            "Re: Quick question",
            "Sounds interesting. I will be out of the office until March 3, let us talk after that. What about the 5th?",
        ),
        (
            "Re: Quick question",
            "Thank you for your message. We are not interested. Please remove me from your list.",
        ),
        (
            "Re: Quick question",
            "I am not the right person, N. has left the company. Try info@example.com",
        ),
        (
            "AW: Angebot",
            "Vielen Dank für Ihre Nachricht. Ich habe kein Interesse.",
        ),
        (
            "AW: Angebot",
            "Hallo Herr N., danke für Ihre Nachricht, das schaue ich mir umgehend an. Viele Grüße",
        ),
        (
            "Order 123 confirmed",
            "Thank you for your order. We have received your payment and will ship within 2 business days.",
        ),
        (
            "Verify your email address",
            "Please verify that you are human by clicking the link below. Thanks for signing up!",
        ),
        (
            "Password reset",
            "We received your request to reset your password. The link is valid until tomorrow.",
        ),
        (
            "Your subscription",
            "Your subscription to Example is no longer active. Renew until 3 March.",
        ),
        ("unsubscribe", "unsubscribe"),
        (
            "Invitation: Sync",
            "N invites you to a meeting on 3 March. Reply yes, no or maybe.",
        ),
        (
            "Your message to list awaits moderator approval",
            "Your mail to 'list' with the subject x is being held until the list moderator can review it for approval.",
        ),
        (
            "Invoice 4711",
            "Dear customer, please find your invoice attached. Our offices are closed on 3 March.",
        ),
        (
            "Team news",
            "Hi all, N. has left the company and we thank her. In the meantime write to me.",
        ),
        (
            "New address",
            "Dear friends, my new email address is user@example.net. Please update your address book.",
        ),
        (
            "Absence",
            "Dear teacher, my son is absent today because he is ill.",
        ),
        (
            "Urlaub",
            "Hallo zusammen, ich bin ab nächster Woche im Urlaub. Wer übernimmt?",
        ),
        (
            "Vacation request",
            "N. asked for vacation from 1 March to 10 March. Approve or reject.",
        ),
        (
            "Out of office hours support",
            "Our new support plan covers you around the clock.",
        ),
        (
            "[JIRA] (EX-1) Automatic reply is broken",
            "N. commented: I set the reply.",
        ),
    ];
    for (subject, body) in others {
        assert_eq!(judge(&[], subject, body), None, "{subject}: {body}");
    }
}

#[test]
fn c8_fields_that_support_words() {
    let replies: &[Case] = &[
        (
            &[
                ("Auto-Submitted", "auto-generated"),
                ("X-Auto-Response-Suppress", "All"),
            ],
            "Automatische Antwort: Frage",
            "Ich bin am 3.3. zurück.",
        ),
        (
            &[
                ("Auto-Submitted", "auto-generated"),
                ("In-Reply-To", "<x@example.com>"),
            ],
            "Re: Frage",
            "Ihre Anfrage ist bei uns eingegangen und wird schnellstmöglich bearbeitet.",
        ),
        (
            &[("Return-Path", "<>"), ("Precedence", "bulk")],
            "Ihre Nachricht",
            "Vielen Dank für Ihre Nachricht, wir melden uns umgehend.",
        ),
        (
            &[("Return-Path", "<>")],
            "Re: Hello",
            "N is no longer with the company. Contact info@example.com",
        ),
        (
            &[("Precedence", "junk")],
            "Vacation reply",
            "I will not be reading my mail for a while.",
        ),
        (
            &[("Return-Path", "<>"), ("Precedence", "bulk")],
            "away from my mail",
            "I will not be reading my mail for a while. Your mail regarding \"x\" will be read when I return.",
        ),
        (
            &[],
            "Thank you for contacting Example",
            "We have received your inquiry. A representative will contact you within 2 business days.",
        ),
        (
            &[],
            "Request received: Offer",
            "Your request (12345) has been received and is being reviewed by our support staff. To add additional comments, reply to this email.",
        ),
        (
            &[],
            "Re: Offer [ref:00D]",
            "Thank you for your email. A case has been created. Your case number is 12345.",
        ),
        (
            &[],
            "Spam Arrest: please verify",
            "N here, I am protecting myself from receiving junk mail. Just this once, click the link below so I can receive your emails. Your message will be delivered then. Spamarrest",
        ),
        (
            &[],
            "Re: hi",
            "Votre message est en attente. Afin que votre message soit remis, cliquez. MailInBlack",
        ),
        (
            &[],
            "Re: hi",
            "Hi, my email address has changed. Thank you for your message; please use my new address user@example.net",
        ),
    ];
    for (fields, subject, body) in replies {
        let got = judge(fields, subject, body);
        let sure = got.as_ref().map_or(0.0, |a| a.confidence);
        assert!((0.75..=0.99).contains(&sure), "{subject}: {body}: {got:?}");
    }
    let others: &[Case] = &[
        (
            &[
                ("Auto-Submitted", "auto-generated"),
                ("X-Auto-Response-Suppress", "All"),
            ],
            "N mentioned you in a channel",
            "N: I am out of the office until Monday, please ask N2.",
        ),
        (
            &[("Auto-Submitted", "auto-generated"), ("Precedence", "bulk")],
            "[EX-12] Comment added",
            "N commented: we have received your request, as soon as possible please",
        ),
        (
            &[("Auto-Submitted", "auto-generated")],
            "Your invoice is ready",
            "Thank you for your business. Please contact us with any questions. Do not reply to this email.",
        ),
        (
            &[("Precedence", "bulk")],
            "Our new collection",
            "Thank you for your order in the past! Our new address is Main Street 1. We are closed for the holidays.",
        ),
        (
            &[("Precedence", "bulk")],
            "Security alert",
            "Your account has been deactivated. Please contact support as soon as possible.",
        ),
        (
            &[("Auto-Submitted", "auto-generated")],
            "Your account will be deleted",
            "Your mailbox is no longer active. Click to keep it.",
        ),
        (
            &[("Auto-Submitted", "auto-generated")],
            "Welcome",
            "Thank you for contacting sales at the fair. Our address has changed.",
        ),
        (
            &[],
            "RE: Offer",
            "Thanks for your email, N. Please contact N2 about this, she runs procurement. Best",
        ),
        (
            &[],
            "RE: Offer",
            "Thank you for reaching out. As soon as possible I will check with the team. One of our developers will call.",
        ),
        (
            &[],
            "RE: Offer",
            "We have received your message and discussed it at length; the answer is no.\n\nBest, N",
        ),
        (
            &[],
            "AW: Angebot",
            "Sehr geehrter Herr N., vielen Dank für Ihre Nachricht. Ich bin gerne bereit, nächste Woche zu telefonieren. In dringenden Fällen erreichen Sie mich mobil.",
        ),
        (
            &[],
            "RE: Proposition",
            "Bonjour, merci pour votre message. Je ne suis pas la bonne personne, veuillez contacter N.",
        ),
        (
            &[],
            "RE: Propuesta",
            "Hola, gracias por tu correo. No nos interesa. Un saludo",
        ),
        (
            &[],
            "Re: 件名",
            "ご連絡ありがとうございます。検討のうえ、改めてご返信いたします。",
        ),
        (
            &[],
            "回复: 报价",
            "感谢您的邮件。请联系我的同事，电话如下。",
        ),
        (
            &[],
            "Re: Offer",
            "This is not an automatic reply, I really read your mail :)",
        ),
        (
            &[],
            "Re: Offer",
            "Is this an automated response? I asked something else.",
        ),
        (
            &[("Content-Type", "text/calendar")],
            "Accepted: Meeting",
            "I will be there",
        ),
        (
            &[],
            "Confirm your email",
            "Thank you for signing up. Please confirm your email address.",
        ),
        (
            &[("Precedence", "bulk")],
            "confirm 1a2b3c",
            "Mailing list subscription confirmation notice. We have received a request to subscribe. To confirm that you want to be added, simply reply to this message.",
        ),
        (
            &[("From", "facebook <notification@example.com>")],
            "N is on holiday",
            "N posted: I am on vacation!",
        ),
        (
            &[],
            "Urlaubsanfrage",
            "Sehr geehrte Damen und Herren, wir möchten bei Ihnen Urlaub machen. Vielen Dank für Ihre Rückmeldung.",
        ),
        (
            &[],
            "Automatic reply settings changed",
            "You changed your settings.",
        ),
        (&[], "Out of office? Not us!", "Read our news."),
        (
            &[],
            "Abwesenheit Herr N.",
            "Herr N. ist heute abwesend, bitte Vertretung planen.",
        ),
    ];
    for (fields, subject, body) in others {
        assert_eq!(judge(fields, subject, body), None, "{subject}: {body}");
    }
}
