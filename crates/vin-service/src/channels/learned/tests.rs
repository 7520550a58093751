//! What rules keep, and when they hold.

use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use vin_store::{DatabaseUrl, Store};

fn vehicle(series: &'static str, length: &'static str) -> Vehicle<'static> {
    let mut vehicle = Vehicle::default();
    vehicle.set(FieldId::Brand, "保时捷");
    vehicle.set(FieldId::TypeName, series);
    vehicle.set(FieldId::Len, length);
    vehicle.set_int(FieldId::IsImport, 1);
    vehicle
}

#[test]
fn a_rule_keeps_what_all_answers_agree_on() {
    let first = merge(None, &vehicle("Panamera", "4970")).expect("a rule");
    let second = merge(Some(&first), &vehicle("Panamera", "5120")).expect("a rule");
    let known = read(&second);
    assert_eq!(known.text(FieldId::TypeName), "Panamera");
    assert!(known.knows(FieldId::IsImport) && !known.knows(FieldId::Len));
    assert_eq!(merge(Some(&second), &vehicle("Cayenne", "")), None);
}

#[test]
fn a_vin_is_split_into_its_build_and_the_rest() {
    let vin = Vin::parse("WP0AA2978BL012976").expect("a VIN").vin;
    let (prefix, rest) = split(&vin);
    assert_eq!((&*prefix, &*rest), ("WP0AA297BL", "8012976"));
}

/// So many VINs make a rule here, that one soon is made.
const FEW: u32 = 3;

const CHANNELS: [&str; 2] = ["a", "b"];
const BUILDS: [&str; 2] = ["LFV3A23CC3", "WP0AA297BL"];
const SERIES: [&str; 3] = ["甲", "乙", "丙"];

#[derive(Clone, Copy, Debug)]
enum Event {
    /// A channel says of which series a car of a build is.
    Teach {
        channel: usize,
        build: usize,
        car: u32,
        series: usize,
    },
    /// What a channel taught is forgotten, of one build or all.
    Forget {
        channel: usize,
        build: Option<usize>,
    },
}

fn event() -> impl Strategy<Value = Event> {
    // Contradictions are rare, or no rule would ever be in force.
    let series = prop_oneof![20 => Just(0_usize), 1 => Just(1), 1 => Just(2)];
    let teach = (0..2_usize, 0..2_usize, 0..9_u32, series);
    let teach = teach.prop_map(|(channel, build, car, series)| Event::Teach {
        channel,
        build,
        car,
        series,
    });
    let forget = (0..2_usize, proptest::option::of(0..2_usize));
    let forget = forget.prop_map(|(channel, build)| Event::Forget { channel, build });
    prop_oneof![12 => teach, 1 => forget]
}

/// What the answers of a channel about a build come to.
#[derive(Default)]
struct Taught {
    series: Option<usize>,
    cars: BTreeSet<u32>,
    contradicted: bool,
}

impl Taught {
    fn in_force(&self) -> Option<&'static str> {
        let enough = self.cars.len() >= FEW as usize && !self.contradicted;
        self.series.filter(|_| enough).map(|series| SERIES[series])
    }
}

/// What the rules in force say of the builds, as a service that trusts `b` more reads them.
async fn answers(store: &Store) -> [Option<(String, String)>; 2] {
    let rows = store.learned(None, false).await.expect("read");
    let teacher = |name: &str| {
        let trust = if name == "b" { 60 } else { 50 };
        Some((ChannelName::parse(name).expect("a name"), trust))
    };
    let learned = Learned::new(&rows, 1_000, teacher);
    BUILDS.map(|build| {
        let rule = learned.rules.get(&(build.to_owned(), Lang::Zh))?;
        let series = rule.vehicle.text(FieldId::TypeName).to_owned();
        Some((rule.teacher.to_string(), series))
    })
}

async fn play(events: &[Event]) {
    let dir = tempfile::tempdir().expect("a directory");
    let url = DatabaseUrl::Sqlite(dir.path().join("chejia.db"));
    let store = Store::open(&url).await.expect("opens");
    let mut model: BTreeMap<(usize, usize), Taught> = BTreeMap::new();
    for event in events {
        match *event {
            Event::Teach {
                channel,
                build,
                car,
                series,
            } => {
                let rest = format!("{car:07}");
                let mut lesson = lesson(CHANNELS[channel], BUILDS[build], &rest, Lang::Zh, 1_000);
                lesson.enough = FEW;
                let told = vehicle(SERIES[series], "4970");
                let learned = store.learn(&lesson, |known| merge(known, &told)).await;
                learned.expect("learned");
                let taught = model.entry((channel, build)).or_default();
                taught.contradicted |= taught.series.is_some_and(|known| known != series);
                taught.series.get_or_insert(series);
                taught.cars.insert(car);
            }
            Event::Forget { channel, build } => {
                let prefix = build.map(|build| BUILDS[build]);
                let gone = store.forget_learned(CHANNELS[channel], prefix).await;
                gone.expect("forgotten");
                model.retain(|(one, of), _| *one != channel || build.is_some_and(|b| b != *of));
            }
        }
        // A rule says what all answers of its channel since the last forgetting say, the last one
        // included; that of the more trusted channel holds.
        let rule = |channel, build| {
            let series = model.get(&(channel, build))?.in_force()?;
            Some((CHANNELS[channel].to_owned(), series.to_owned()))
        };
        let wanted = [0, 1].map(|build| rule(1, build).or_else(|| rule(0, build)));
        assert_eq!(answers(&store).await, wanted, "{event:?}");
    }
    store.close().await;
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Any interleaving of teaching, contradicting and forgetting.
    #[test]
    fn a_rule_in_force_never_contradicts_its_channel_and_a_forgotten_one_never_answers(
        events in proptest::collection::vec(event(), 1..60)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(play(&events));
    }
}
