use super::*;
use jiff::civil::date;

mod sentences;

/// The day of the replies of the table.
const SENT: Date = date(2026, 2, 20);

fn read(text: &str, sent: Option<Date>) -> String {
    first_day_back(text, sent).map_or_else(String::new, |d| d.to_string())
}

fn check(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(text, want)| (text, want, read(text, Some(SENT))))
        .filter(|(_, want, got)| got != *want)
        .map(|(text, want, got)| format!("{text:?}: {got:?}, not {want:?}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn c8_return_dates_in_english() {
    check(&[
        ("I am out of the office until 3 March.", "2026-03-03"),
        (
            "I am away until Tuesday, 3rd March 2026 and will reply then.",
            "2026-03-03",
        ),
        (
            "I will be out of the office until Mon. March 2nd",
            "2026-03-02",
        ),
        ("I'll be back on 3 March", "2026-03-03"),
        ("I will return on March 3.", "2026-03-03"),
        (
            "Returning to the office on Tuesday, March 3, 2026.",
            "2026-03-03",
        ),
        ("I am out of office through 3 March.", "2026-03-04"),
        ("I am on leave from 1 March through 10 March", "2026-03-11"),
        ("I am away up to and including 3 March.", "2026-03-04"),
        ("I am away until 3 March inclusive.", "2026-03-04"),
        ("I am away until 3 March (included).", "2026-03-04"),
        ("I will be away from 1 March to 10 March.", "2026-03-10"),
        ("I will be away from 1 to 10 March.", "2026-03-10"),
        ("On vacation March 1-10, 2026.", "2026-03-10"),
        ("On annual leave between 1 and 10 March.", "2026-03-10"),
        (
            "I'm out from Monday 2 March until Friday 6 March, and back on Monday 9 March.",
            "2026-03-09",
        ),
        (
            "I am away until 6 March. I will be back in the office on 9 March.",
            "2026-03-09",
        ),
        ("I am out until 5 pm on 3 March", "2026-03-03"),
        ("Out of office until 17:00 on 3 March.", "2026-03-03"),
        ("Out of the office until 2026-03-03.", "2026-03-03"),
        ("I\u{2019}ll be back on 3 March", "2026-03-03"),
        ("I am away till the 3rd of March", "2026-03-03"),
        ("I will be available again on 8th September", "2026-09-08"),
        ("Back in the office September 15, 2026", "2026-09-15"),
        ("I will not be available until 3 March.", "2026-03-03"),
        ("I am unavailable until 3 March.", "2026-03-03"),
        ("I am away until 15/3/2026.", "2026-03-15"),
        ("I am away until 3/15/2026.", "2026-03-15"),
        ("I am away until 3/3.", "2026-03-03"),
        ("Return date: 3 March 2026", "2026-03-03"),
        ("We are closed and reopen on 3 March.", "2026-03-03"),
        ("I am out of the office\nuntil\n3 March", "2026-03-03"),
        (
            "I will return to work after my holiday on Mar 3rd.",
            "2026-03-03",
        ),
        (
            "I am on parental leave, returning 1 June 2026.",
            "2026-06-01",
        ),
        ("I will be back after 3 March.", "2026-03-04"),
    ]);
}

#[test]
fn c8_the_order_of_numbers_is_proven_or_the_only_one() {
    check(&[
        (
            "I am away 02/23/2026 - 03/06/2026 and will return on 3/9/2026.",
            "2026-03-09",
        ),
        (
            "Out of the office starting 2/23/2026, not returning until 03/07/2026.",
            "2026-03-07",
        ),
        (
            "On leave 23/02/2026 \u{2013} 06/03/2026 inclusive.",
            "2026-03-07",
        ),
        // 9 August and 8 September could both be meant, 3 January 2026 is over.
        ("I am away until 9/8/2026.", ""),
        ("I am away until 3/1/2026.", "2026-03-01"),
        // Days that prove the opposite prove nothing.
        ("Seen 2/23/2026 and 23/2/2026; back on 4/5/2026.", ""),
    ]);
}

#[test]
fn c8_days_back_in_a_place() {
    check(&[
        ("I will be back in the office on Monday.", "2026-02-23"),
        ("I will be back at my desk next Tuesday.", "2026-02-24"),
        ("I'll be back on the 3rd.", "2026-03-03"),
        ("I am away through Friday inclusive.", "2026-02-28"),
        ("I am out until Wednesday inclusive.", "2026-02-26"),
        ("I am on parental leave and return March 11.", "2026-03-11"),
        (
            "Out for two weeks. Offices open again March 4th.",
            "2026-03-04",
        ),
        ("I will get back to you on Monday.", ""),
        ("Return the form by 3 March.", ""),
        ("Je serai de retour au bureau lundi.", "2026-02-23"),
        ("Ich bin am Montag wieder im B\u{fc}ro.", "2026-02-23"),
        ("Absent du 23/02/2026 au 06/03/2026 inclus.", "2026-03-07"),
        (
            "Del 23/02/2026 al 06/03/2026 estar\u{e9} de vacaciones.",
            "2026-03-06",
        ),
        (
            "Ich bin vom 23.02. bis einschlie\u{df}lich 06.03. im Urlaub.",
            "2026-03-07",
        ),
    ]);
}

#[test]
fn c8_return_dates_in_german() {
    check(&[
        (
            "Ich bin bis zum 3. M\u{e4}rz nicht im B\u{fc}ro.",
            "2026-03-03",
        ),
        ("Ich bin bis 3.3. nicht erreichbar", "2026-03-03"),
        ("Ich bin bis zum 03.03.2026 im Urlaub.", "2026-03-03"),
        (
            "Ich bin bis einschlie\u{df}lich 3. M\u{e4}rz abwesend.",
            "2026-03-04",
        ),
        ("Ich bin bis einschl. 03.03.26 abwesend.", "2026-03-04"),
        (
            "Ich bin bis zum 3. M\u{e4}rz einschlie\u{df}lich abwesend.",
            "2026-03-04",
        ),
        (
            "Ich bin vom 1.3. bis 10.3. nicht im B\u{fc}ro.",
            "2026-03-10",
        ),
        ("Ich bin vom 1. bis 10. M\u{e4}rz abwesend.", "2026-03-10"),
        (
            "Ich bin vom 01.03. bis einschlie\u{df}lich 10.03.2026 abwesend.",
            "2026-03-11",
        ),
        ("Urlaub 1.3.-10.3.", "2026-03-10"),
        (
            "Ich bin ab dem 4. M\u{e4}rz wieder erreichbar.",
            "2026-03-04",
        ),
        ("Am 4. M\u{e4}rz bin ich wieder im B\u{fc}ro.", "2026-03-04"),
        (
            "Ich bin am Mittwoch, den 4. M\u{e4}rz, wieder da.",
            "2026-03-04",
        ),
        ("Ich bin wieder erreichbar ab 4.3.2026", "2026-03-04"),
        ("Ich bin erst am 4. M\u{e4}rz zur\u{fc}ck.", "2026-03-04"),
        ("Zur\u{fc}ck am 4.3.", "2026-03-04"),
        (
            "Ich bin bis voraussichtlich 3. M\u{e4}rz krank.",
            "2026-03-03",
        ),
        ("Ich bin bis 3. M\u{e4}rz, 8 Uhr, nicht da.", "2026-03-03"),
        ("Ab 1. M\u{e4}rz bin ich nicht im B\u{fc}ro.", ""),
        ("Ich bin noch bis 3. M\u{e4}rz da", "2026-03-03"),
        ("Ich bin erreichbar bis 3. M\u{e4}rz.", ""),
        ("Ich bin bis 4/3/2026 weg.", "2026-03-04"),
    ]);
}

#[test]
fn c8_return_dates_in_romance_languages() {
    check(&[
        ("Je suis absent jusqu'au 3 mars.", "2026-03-03"),
        (
            "Je suis absente jusqu\u{2019}au mardi 3 mars 2026 inclus.",
            "2026-03-04",
        ),
        ("Je suis en cong\u{e9}s du 1er au 10 mars.", "2026-03-10"),
        (
            "Je suis en cong\u{e9}s du 1er mars au 10 mars inclus.",
            "2026-03-11",
        ),
        ("Je serai de retour le 4 mars.", "2026-03-04"),
        ("De retour au bureau le mercredi 4 mars", "2026-03-04"),
        (
            "Je serai de nouveau joignable \u{e0} partir du 4 mars.",
            "2026-03-04",
        ),
        ("Absent jusqu'au 04/03/2026.", "2026-03-04"),
        ("A compter du 1er mars, je suis absent.", ""),
        (
            "Estoy fuera de la oficina hasta el 3 de marzo.",
            "2026-03-03",
        ),
        (
            "Estar\u{e9} fuera hasta el martes 3 de marzo de 2026 inclusive.",
            "2026-03-04",
        ),
        (
            "Estar\u{e9} de vacaciones del 1 al 10 de marzo.",
            "2026-03-10",
        ),
        ("Regreso el 4 de marzo.", "2026-03-04"),
        (
            "Estar\u{e9} de vuelta el pr\u{f3}ximo 4 de marzo",
            "2026-03-04",
        ),
        (
            "Estar\u{e9} disponible a partir del 4 de marzo.",
            "2026-03-04",
        ),
        ("Hasta el 4/3/2026 estar\u{e9} ausente.", "2026-03-04"),
        (
            "Estou de f\u{e9}rias at\u{e9} 3 de mar\u{e7}o.",
            "2026-03-03",
        ),
        (
            "Estarei ausente at\u{e9} ao dia 3 de mar\u{e7}o de 2026.",
            "2026-03-03",
        ),
        ("Estarei ausente de 1 a 10 de mar\u{e7}o.", "2026-03-10"),
        ("Retorno no dia 4 de mar\u{e7}o.", "2026-03-04"),
        ("Estarei de volta a 4 de mar\u{e7}o", "2026-03-04"),
        ("Estarei de volta no dia 04/03.", "2026-03-04"),
        ("Sono in ferie fino al 3 marzo.", "2026-03-03"),
        ("Sar\u{f2} assente fino al 3 marzo compreso.", "2026-03-04"),
        ("Sar\u{f2} assente dal 1 al 10 marzo.", "2026-03-10"),
        ("Rientro il 4 marzo.", "2026-03-04"),
        (
            "Sar\u{f2} di ritorno luned\u{ec} 9 marzo 2026",
            "2026-03-09",
        ),
        ("Torner\u{f2} in ufficio il 04/03/2026", "2026-03-04"),
        (
            "Sunt \u{ee}n concediu p\u{e2}n\u{103} pe 3 martie.",
            "2026-03-03",
        ),
        ("Revin la birou pe 4 martie.", "2026-03-04"),
    ]);
}

#[test]
fn c8_return_dates_in_germanic_languages() {
    check(&[
        ("Ik ben afwezig tot 3 maart.", "2026-03-03"),
        ("Ik ben afwezig tot en met 3 maart.", "2026-03-04"),
        ("Ik ben t/m 3 maart niet op kantoor.", "2026-03-04"),
        ("Ik ben van 1 tot 10 maart met vakantie.", "2026-03-10"),
        ("Ik ben van 1 t/m 10 maart met vakantie.", "2026-03-11"),
        ("Ik ben terug op woensdag 4 maart.", "2026-03-04"),
        ("Vanaf 4 maart ben ik weer bereikbaar.", "2026-03-04"),
        ("Ik ben afwezig tot 04-03-2026.", "2026-03-04"),
        (
            "Jag \u{e4}r p\u{e5} semester till den 3 mars.",
            "2026-03-03",
        ),
        ("Jag \u{e4}r ledig t.o.m. 3 mars.", "2026-03-04"),
        ("Jag \u{e4}r ledig till och med den 3 mars.", "2026-03-04"),
        ("Jag \u{e4}r tillbaka den 4 mars.", "2026-03-04"),
        ("\u{c5}ter p\u{e5} kontoret 4/3.", "2026-03-04"),
        ("Jeg er p\u{e5} ferie til den 3. marts.", "2026-03-03"),
        (
            "Jeg er p\u{e5} ferie til og med den 3. marts.",
            "2026-03-04",
        ),
        (
            "Jeg er tilbage p\u{e5} kontoret den 4. marts.",
            "2026-03-04",
        ),
        ("Jeg har ferie fra 1. til 10. mars.", "2026-03-10"),
        ("Jeg er tilbake 4. mars.", "2026-03-04"),
        ("Jeg er ute av kontoret frem til 3. mars.", "2026-03-03"),
    ]);
}

#[test]
fn c8_return_dates_in_other_languages() {
    check(&[
        ("Olen lomalla 3.3. asti.", "2026-03-03"),
        ("Palaan t\u{f6}ihin 4. maaliskuuta.", "2026-03-04"),
        ("Olen lomalla 1.-10.3.2026.", "2026-03-10"),
        ("Jestem na urlopie do 3 marca.", "2026-03-03"),
        (
            "Jestem na urlopie do 3 marca w\u{142}\u{105}cznie.",
            "2026-03-04",
        ),
        ("Jestem na urlopie od 1 do 10 marca.", "2026-03-10"),
        ("Wracam 4 marca 2026.", "2026-03-04"),
        (
            "Nebudu v kancel\u{e1}\u{159}i do 3. b\u{159}ezna.",
            "2026-03-03",
        ),
        (
            "Jsem na dovolen\u{e9} do 3.3. v\u{10d}etn\u{11b}.",
            "2026-03-04",
        ),
        ("Vr\u{e1}t\u{ed}m se 4. b\u{159}ezna.", "2026-03-04"),
        ("Я в отпуске до 3 марта.", "2026-03-03"),
        ("Я в отпуске с 1 по 10 марта.", "2026-03-11"),
        ("Я в отпуске до 3 марта включительно.", "2026-03-04"),
        ("Вернусь 4 марта 2026 г.", "2026-03-04"),
        ("Я у відпустці до 3 березня.", "2026-03-03"),
        ("Повернуся 4 березня.", "2026-03-04"),
        ("Θα απουσιάζω έως τις 3 Μαρτίου.", "2026-03-03"),
        ("3 Mart tarihine kadar izindeyim.", "2026-03-03"),
        ("أنا في إجازة حتى 30 مارس 2026", "2026-03-30"),
        ("سأعود يوم 4 مارس", "2026-03-04"),
        ("אני בחופשה עד 30/3/2026", "2026-03-30"),
        ("אחזור ב-4 במרץ", "2026-03-04"),
        (
            "3 Mart'a kadar ofis d\u{131}\u{15f}\u{131}nday\u{131}m.",
            "2026-03-03",
        ),
        ("4 Mart'ta ofiste olaca\u{11f}\u{131}m.", "2026-03-04"),
        ("M\u{e1}rcius 3-ig szabads\u{e1}gon vagyok.", "2026-03-03"),
        ("3月3日まで休暇をいただいております。", "2026-03-04"),
        ("3月1日（日）から3月3日（火）まで不在です。", "2026-03-04"),
        ("3月4日より出社いたします。", "2026-03-04"),
        (
            "3月3日まで休暇のため、戻り次第返信いたします。",
            "2026-03-04",
        ),
        (
            "3月3日まで休暇、3月5日より業務を再開いたします。",
            "2026-03-05",
        ),
        ("休暇期間：2026年3月1日～3月10日", "2026-03-11"),
        ("我休假至3月3日。", "2026-03-04"),
        ("我将于3月4日返回办公室。", "2026-03-04"),
        ("3月4日恢复上班", "2026-03-04"),
        ("3월 3일까지 휴가입니다.", "2026-03-04"),
        ("3월 4일에 복귀합니다.", "2026-03-04"),
        ("Saya cuti sampai 3/3/2026", "2026-03-03"),
    ]);
}

#[test]
fn c8_days_counted_from_the_reply() {
    // The 20th of February 2026 is a Friday.
    check(&[
        ("I will be back on Monday.", "2026-02-23"),
        ("I am out until next Wednesday.", "2026-02-25"),
        ("I am out through Wednesday.", "2026-02-26"),
        ("Back tomorrow.", "2026-02-21"),
        (
            "Ich bin am Montag wieder im B\u{fc}ro, bis Montag also.",
            "2026-02-23",
        ),
        ("Je serai de retour lundi.", "2026-02-23"),
        ("I will be back on Monday 2 March.", "2026-03-02"),
        ("I will be back on Monday 9/8/2026.", ""),
        ("I am back soon.", ""),
        ("I am away until Monday 9 am.", "2026-02-23"),
        ("I am away until Monday, 9:00.", "2026-02-23"),
        ("I am away until Monday the 9th.", "2026-03-09"),
        ("I am away until Tuesday the 9th.", ""),
        ("I am away until the 15th.", "2026-03-15"),
        ("Bis Montag, 8 Uhr, bin ich nicht da.", "2026-02-23"),
        ("Ich bin bis Montag, den 9., nicht da.", "2026-03-09"),
    ]);
    assert_eq!(read("I will be back on Monday.", None), "");
}

#[test]
fn c8_dates_that_are_refused() {
    check(&[
        ("", ""),
        ("I am out of the office.", ""),
        ("I am away until 9/8/2026.", ""),
        ("I am back in October 2026.", ""),
        ("I am away until 3 January 2026.", ""),
        ("I am away until 3 January.", ""),
        ("I am away until 1 March 2027.", ""),
        ("Our meeting is 3 March.", ""),
        ("Please pay 3 March.", ""),
        ("I am available until 3 March.", ""),
        ("The offer is valid until 3 March.", ""),
        ("I am away until 30 February.", ""),
        (
            "I am away until further notice. The fair opens 3 March.",
            "",
        ),
        (
            "I will be back. Please note that the invoice is due 3 March.",
            "",
        ),
        ("> I am away until 3 March.", ""),
        (
            "Thanks.\n-----Original Message-----\nI am away until 3 March.",
            "",
        ),
        (
            "Thanks.\n\nVon: N. N.\nGesendet: Montag\n\nbis 3. M\u{e4}rz im Urlaub",
            "",
        ),
        ("Thanks.\nOn 3 March 2026, N. wrote:\n> until 3 March", ""),
        ("Back in 10 minutes", ""),
        ("I am away until 10:30.", ""),
        ("Call me until 12.30 Uhr", ""),
        ("Until 1.2.3.4 answers", ""),
        ("Returning calls: +49 30 12.12.12.12", ""),
        ("If you do not hear from me by 3 March, write again.", ""),
    ]);
}

#[test]
fn c8_years() {
    for (text, sent, want) in [
        ("until 5 January", Some(date(2026, 12, 20)), "2027-01-05"),
        ("until 5 January", Some(date(2026, 1, 5)), "2026-01-05"),
        ("until 5 January", None, ""),
        ("until 5 January 2027", None, "2027-01-05"),
        ("until 29 February", Some(date(2027, 12, 1)), "2028-02-29"),
        ("until 29 February", Some(date(2025, 12, 1)), ""),
        (
            "through 31 December",
            Some(date(2026, 12, 20)),
            "2027-01-01",
        ),
        ("until 9999-12-31", Some(date(2026, 12, 20)), ""),
        ("through 31 December 2099", None, "2100-01-01"),
        ("until 20 February", Some(SENT), "2026-02-20"),
    ] {
        assert_eq!(read(text, sent), want, "{text}");
    }
}

#[test]
fn i9_any_text_is_survived() {
    let long = "until 3 March bis zum \u{e4} ".repeat(5_000);
    for text in [
        "until",
        "until 99999999999999999999",
        "3月",
        "bis 3.",
        "until -",
        "back: \u{0}",
        "\u{130}\u{300}",
        &long,
    ] {
        for sent in [None, Some(Date::MIN), Some(Date::MAX), Some(SENT)] {
            let _ = first_day_back(text, sent);
        }
    }
    assert_eq!(read(&long, Some(SENT)), "2026-03-03");
}

proptest::proptest! {
    #[test]
    fn i9_no_text_is_too_strange(
        parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "until ", "bis ", "back on ", "3", "31", ".", "/", "-", "march ", "2026", "monday ",
                "月", "日", "まで", "th ", " ", "\n", "from ", "to ", "\u{1f600}", "mar", ":", "(",
            ]),
            0..40,
        ),
        year in -9999i16..=9999,
    ) {
        let sent = Date::new(year, 12, 31).ok();
        let day = first_day_back(&parts.concat(), sent);
        assert!(day.is_none_or(|d| sent.is_none_or(|s| d >= s)));
    }
}
