//! Sentences as responders send them.

use super::check;

#[test]
fn c8_return_dates_in_whole_sentences() {
    check(&[
        (
            "I will be out of the office starting Friday, February 27 and returning Tuesday, March 3.",
            "2026-03-03",
        ),
        (
            "I will be out of the office starting  02/27/2026 and will not return until 03/15/2026.",
            "2026-03-15",
        ),
        ("Out of office until Monday 9th", "2026-03-09"),
        (
            "I will be on vacation from Feb 23 - Mar 6, returning on Mar 9.",
            "2026-03-09",
        ),
        ("I am on PTO through Friday, March 6th.", "2026-03-07"),
        (
            "I will be back in the office on the morning of Monday March 9th.",
            "2026-03-09",
        ),
        (
            "I am currently out of the office and will be back on 09.03.2026.",
            "2026-03-09",
        ),
        ("I am out on maternity leave until August 2026.", ""),
        ("I am away from my desk until Wed 4 Mar", "2026-03-04"),
        ("Away: 23 Feb - 6 Mar", "2026-03-06"),
        ("My first day back is 9 March.", "2026-03-09"),
        (
            "I will respond when I return to the office on March 9.",
            "2026-03-09",
        ),
        ("I am out of office 2/23 - 3/15.", "2026-03-15"),
        ("I resume work on 9 March 2026", "2026-03-09"),
        ("I'm on leave till 6/3/26", ""),
        ("I am away until Mar. 6, 2026 (inclusive).", "2026-03-07"),
        (
            "I am on annual leave until Monday (2nd March).",
            "2026-03-02",
        ),
        ("I am back Monday, 2 March 2026", "2026-03-02"),
        (
            "I will be out of the office beginning 3/1/26 and returning 3/16/26.",
            "2026-03-16",
        ),
        ("I am on vacation until the end of March.", ""),
        ("OOO until 3/20", "2026-03-20"),
        (
            "I will be travelling until 6 March with limited access to email. Our event on 20 March 2026 is still open.",
            "2026-03-06",
        ),
        (
            "I am out of office today, 20 February. I will be back Monday.",
            "2026-02-23",
        ),
        (
            "Ich bin bis zum 08.03.2026 nicht im Haus. Ab 09.03.2026 stehe ich Ihnen wieder zur Verfügung.",
            "2026-03-09",
        ),
        (
            "Ich bin bis einschließlich Freitag, den 6. März 2026 im Urlaub.",
            "2026-03-07",
        ),
        (
            "Ich bin vom 23. Februar bis zum 6. März 2026 nicht im Büro.",
            "2026-03-06",
        ),
        (
            "Ich bin vom 23.02.2026 bis einschließlich 06.03.2026 im Urlaub.",
            "2026-03-07",
        ),
        ("Ich bin erst wieder am 9.3. zu erreichen", "2026-03-09"),
        (
            "Ich befinde mich bis 6.3. in Urlaub. Meine Vertretung: Frau N., Tel. 030/12 34",
            "2026-03-06",
        ),
        (
            "Ab Montag, 09.03. bin ich gerne wieder für Sie da.",
            "2026-03-09",
        ),
        ("Mein Büro ist ab dem 9. März wieder besetzt.", "2026-03-09"),
        ("Ich bin bis Montag nicht im Büro.", "2026-02-23"),
        ("Ich bin bis Ende März nicht im Büro.", ""),
        (
            "Je suis absent du 23 février au 6 mars inclus. En cas d'urgence ...",
            "2026-03-07",
        ),
        (
            "Je suis en congés jusqu'au lundi 9 mars au matin.",
            "2026-03-09",
        ),
        (
            "Je serai absente du bureau à compter du 23/02/2026 jusqu'au 06/03/2026 inclus.",
            "2026-03-07",
        ),
        ("Absent(e) jusqu’au 06/03", "2026-03-06"),
        ("Retour le 09/03/2026.", "2026-03-09"),
        (
            "Me encuentro de vacaciones, regreso el lunes 9 de marzo.",
            "2026-03-09",
        ),
        (
            "Estaré ausente desde el 23 de febrero hasta el 6 de marzo, ambos inclusive.",
            "2026-03-07",
        ),
        ("Me reincorporo el día 9 de marzo", "2026-03-09"),
        (
            "Estarei de férias entre 23 de fevereiro e 6 de março.",
            "2026-03-06",
        ),
        ("Estarei fora até segunda-feira, 9 de março.", "2026-03-09"),
        (
            "Sono in ferie dal 23 febbraio al 6 marzo compresi.",
            "2026-03-07",
        ),
        (
            "Sarò fuori ufficio e rientrerò lunedì 9 marzo p.v.",
            "2026-03-09",
        ),
        ("L'ufficio riapre il 9 marzo", "2026-03-09"),
        (
            "Ik ben met vakantie van maandag 23 februari tot en met vrijdag 6 maart 2026.",
            "2026-03-07",
        ),
        ("Maandag 9 maart ben ik weer aanwezig.", "2026-03-09"),
        (
            "Jag är på semester vecka 9 och åter måndag 2 mars.",
            "2026-03-02",
        ),
        ("Jag är föräldraledig t.o.m 2026-08-31", "2026-09-01"),
        ("Jag har semester 23/2 - 6/3 och är åter 9/3.", "2026-03-09"),
        (
            "Jeg er på ferie i uge 9 og er tilbage igen mandag d. 2. marts",
            "2026-03-02",
        ),
        ("Jeg har ferie til og med 6/3", "2026-03-07"),
        (
            "Olen lomalla 6.3.2026 saakka. Palaan 9.3.2026.",
            "2026-03-09",
        ),
        ("Olen vuosilomalla 23.2. - 6.3.", "2026-03-06"),
        (
            "Przebywam na urlopie w dniach 23.02-06.03.2026. Wracam do pracy 9 marca.",
            "2026-03-09",
        ),
        (
            "Jestem nieobecny od 23.02.2026 do 06.03.2026 r.",
            "2026-03-06",
        ),
        ("Jsem na dovolené od 23. 2. do 6. 3. 2026.", "2026-03-06"),
        ("Nachádzam sa na dovolenke do 6. marca.", "2026-03-06"),
        (
            "Нахожусь в отпуске с 23.02.2026 по 06.03.2026.",
            "2026-03-07",
        ),
        ("Нахожусь в отпуске до 09.03.2026", "2026-03-09"),
        ("Буду на работе 9 марта", "2026-03-09"),
        ("Szabadságon vagyok 2026. március 6-ig.", "2026-03-06"),
        ("2026. március 9-én térek vissza.", "2026-03-09"),
        (
            "23 Şubat - 6 Mart tarihleri arasında izindeyim.",
            "2026-03-06",
        ),
        ("9 Mart 2026 Pazartesi günü ofiste olacağım", "2026-03-09"),
        ("2月23日～3月6日まで夏季休暇をいただきます", "2026-03-07"),
        ("次回出社日は3月9日（月）です。", "2026-03-09"),
        ("3/6（金）まで不在です。", "2026-03-07"),
        (
            "3月9日(月)に出社いたしますので、それ以降のご連絡",
            "2026-03-09",
        ),
        ("本人2月23日至3月6日休假，3月9日恢复上班。", "2026-03-09"),
        ("本人將於2月23日至3月6日休假", "2026-03-07"),
        ("2월 23일부터 3월 6일까지 휴가입니다.", "2026-03-07"),
        ("휴가기간: 2026.02.23 ~ 2026.03.06", "2026-03-07"),
        ("3월 9일(월)부터 정상 근무합니다.", "2026-03-09"),
        (
            "Θα απουσιάζω μέχρι τις 6 Μαρτίου. Επιστρέφω στις 9 Μαρτίου.",
            "2026-03-09",
        ),
        (
            "Voi fi în concediu în perioada 23 februarie - 6 martie.",
            "2026-03-06",
        ),
        ("Tôi nghỉ phép đến ngày 6/3/2026.", "2026-03-06"),
    ]);
}

#[test]
fn c8_dates_of_other_things() {
    check(&[
        (
            "I am away from my desk. Our annual conference is on 3 March.",
            "",
        ),
        (
            "I am on vacation. Register until 3 March for our webinar.",
            "",
        ),
        ("I will be back soon. Save the date: 3 March 2026!", ""),
        ("We moved to a new building on 3 March.", ""),
        ("I am out of the office with no return date yet.", ""),
        ("I am out of office. Reference: 12.03.2026-77", ""),
        (
            "I returned from leave. Contract runs until 1 April 2026.",
            "",
        ),
        (
            "I am away until 6th March. My colleague is away until 10th March.",
            "2026-03-06",
        ),
        (
            "My colleague N is away until 10 March, I am back on 6 March.",
            "2026-03-06",
        ),
        ("Please allow up to 3 days for an answer.", ""),
        ("Our hours: Monday to Friday, 9 to 5.", ""),
        ("We answer within 2 to 3 business days.", ""),
        ("Unsere Zeiten: Mo bis Fr 8.00 bis 12.30 Uhr", ""),
        (
            "Unsere Öffnungszeiten: Montag bis Freitag von 8 bis 16 Uhr.",
            "",
        ),
        ("Tel.: 030/12 34 56, Fax 030/12 34 57 bis 59", ""),
        (
            "Nos bureaux sont ouverts du lundi au vendredi de 9h à 17h.",
            "",
        ),
        ("Estamos abiertos de lunes a viernes hasta las 18.30.", ""),
        ("Wij zijn bereikbaar van maandag tot vrijdag.", ""),
        (
            "Jag är på semester. Hör av dig till N, tel 08-12 34 56.",
            "",
        ),
        (
            "Thank you for your mail of 20 February 2026. I am away.",
            "",
        ),
        ("Ihre Nachricht vom 20.02.2026 ist eingegangen.", ""),
        ("I am out of the office from 3 March.", ""),
        ("I am out of the office starting 3 March.", ""),
        ("Ich bin ab 3. März im Urlaub.", ""),
        ("Je suis en congés à partir du 3 mars.", ""),
        ("Estaré de vacaciones a partir del 3 de marzo.", ""),
        ("Sono in ferie dal 3 marzo.", ""),
        ("Jestem na urlopie od 3 marca.", ""),
        ("Я в отпуске с 3 марта.", ""),
        ("3月3日から休暇をいただきます。", ""),
        ("I am away on 3 March.", ""),
        ("Out of office on 3 March and 4 March.", ""),
        ("I am out of the office on Monday.", ""),
        ("The office is closed on Monday, 2 March.", ""),
    ]);
}

#[test]
fn c8_return_dates_in_more_sentences() {
    check(&[
        ("I am out of the office until Tue 3/3/2026.", "2026-03-03"),
        (
            "I will be out of the office Monday, March 2 through Friday, March 6, returning Monday March 9.",
            "2026-03-09",
        ),
        (
            "I will be out of the office Monday, March 2 through Friday, March 6.",
            "2026-03-07",
        ),
        (
            "I am out of the office from 02-Mar-2026 to 06-Mar-2026.",
            "2026-03-06",
        ),
        ("I will be out of office Mar 2-6.", "2026-03-06"),
        ("I'm on vacation 3/2/26 - 3/16/26", "2026-03-16"),
        (
            "I will be away from 2nd to 6th March inclusive",
            "2026-03-07",
        ),
        ("I will be out from March 2nd to the 6th.", "2026-03-06"),
        (
            "I will be unavailable between Monday 2nd and Friday 6th March.",
            "2026-03-06",
        ),
        (
            "I am on annual leave and will return to work on Monday 9th of March 2026",
            "2026-03-09",
        ),
        ("I am on annual leave, back Mon 9 March", "2026-03-09"),
        (
            "I am now on leave, returning to work Monday 9th March. In my absence please contact N.",
            "2026-03-09",
        ),
        (
            "I am out of the office with no access to email. I will be back on Tuesday 10th March at 9am.",
            "2026-03-10",
        ),
        (
            "I will reply to your message as soon as possible on my return on 9 March.",
            "2026-03-09",
        ),
        ("I am working from another site until 6/3.", ""),
        (
            "I shall be out of the office until 09:00 on Monday 9 March 2026",
            "2026-03-09",
        ),
        (
            "Thank you for your email. I'm off until 9 March 2026.",
            "2026-03-09",
        ),
        (
            "Due to holidays I can only be reached again from 9 March on.",
            "2026-03-09",
        ),
        ("I will be in the office again on 9 March", "2026-03-09"),
        ("I won't be in until March 9", "2026-03-09"),
        ("I'm not back until 9 March", "2026-03-09"),
        (
            "I am on maternity leave until 1st September 2026",
            "2026-09-01",
        ),
        ("I am on sabbatical till Sept 1", "2026-09-01"),
        ("Ich bin am 09.03. wieder im Haus.", "2026-03-09"),
        (
            "Ich bin ab 09.03.26 wieder persönlich für Sie erreichbar",
            "2026-03-09",
        ),
        (
            "Ich bin im Zeitraum vom 02.03. – 06.03.2026 nicht im Büro.",
            "2026-03-06",
        ),
        (
            "Bis einschließlich 06.03.2026 bin ich im Urlaub und ab dem 09.03.2026 wieder für Sie da.",
            "2026-03-09",
        ),
        (
            "Ich bin zurzeit im Urlaub und kehre am 9. März 2026 zurück.",
            "2026-03-09",
        ),
        (
            "Ich bin bis zum Montag, den 09. März 2026 abwesend.",
            "2026-03-09",
        ),
        (
            "Ich bin erst am Montag, dem 9. März, wieder im Büro.",
            "2026-03-09",
        ),
        ("Ich habe vom 2. - 6. März Urlaub", "2026-03-06"),
        (
            "Vom 24.12.2026 bis 06.01.2027 bleibt unser Büro geschlossen.",
            "",
        ),
        (
            "Meine nächste Erreichbarkeit: Montag, 9. März",
            "2026-03-09",
        ),
        (
            "Ich bin heute nicht im Büro und morgen wieder erreichbar.",
            "2026-02-21",
        ),
        ("Ich bin am Montag wieder erreichbar.", "2026-02-23"),
        (
            "Je suis absente jusqu'au vendredi 6 mars 2026 inclus. Retour le 9.",
            "2026-03-07",
        ),
        (
            "Je suis actuellement en déplacement jusqu'à jeudi 5 mars.",
            "2026-03-05",
        ),
        (
            "Je suis absent pour la journée et serai de retour demain.",
            "2026-02-21",
        ),
        ("Je serai absent du 2/3 au 6/3 inclus.", "2026-03-07"),
        ("Absence jusqu'au 9 mars 2026 8h", "2026-03-09"),
        (
            "Estaré fuera de la oficina desde el 2/3/2026 hasta el 6/3/2026.",
            "2026-03-06",
        ),
        (
            "Me encuentro fuera de la oficina; estaré de regreso el 9 de marzo del 2026.",
            "2026-03-09",
        ),
        ("Estoy de baja hasta nuevo aviso.", ""),
        ("Sarò assente fino a venerdì 6 marzo.", "2026-03-06"),
        ("Sarò assente dal 2/3 al 6/3.", "2026-03-06"),
        (
            "Estarei de férias de 2 a 6 de março, regressando ao trabalho a 9 de março.",
            "2026-03-09",
        ),
        ("Estarei ausente até 06/03/2026, inclusive.", "2026-03-07"),
        ("Ik ben afwezig t.e.m. vrijdag 6 maart.", "2026-03-07"),
        ("Ik ben er niet tot maandag 9 maart.", "2026-03-09"),
        ("Vanaf maandag 9 maart ben ik weer bereikbaar", "2026-03-09"),
        ("Jag är åter på kontoret måndagen den 9 mars.", "2026-03-09"),
        ("Jeg er på kontoret igjen mandag 9. mars.", "2026-03-09"),
        (
            "Olen jälleen tavoitettavissa maanantaina 9.3.",
            "2026-03-09",
        ),
        ("Będę dostępny od 9 marca.", "2026-03-09"),
        ("Do 6 marca jestem na urlopie.", "2026-03-06"),
        ("V kanceláři budu opět 9. března.", "2026-03-09"),
        ("Вернусь к работе 9 марта.", "2026-03-09"),
        (
            "Я буду отсутствовать с 2 по 6 марта включительно",
            "2026-03-07",
        ),
        (
            "3月2日(月)～3月6日(金)の期間、休暇を取得いたします。",
            "2026-03-07",
        ),
        ("3/9(月)より通常業務となります", "2026-03-09"),
        ("不在期間：2026/3/2～2026/3/6", "2026-03-07"),
        ("我将于3月2日至3月6日休年假", "2026-03-07"),
        ("3/2~3/6 휴가입니다", "2026-03-07"),
    ]);
}
