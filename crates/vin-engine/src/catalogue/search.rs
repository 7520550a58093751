//! From facts to the cars that they leave, the best ones only.
//!
//! Every car of the series and model year gets points for what contradicts the facts; those with
//! the fewest remain. What is not known on either side costs nothing.

use super::facts::Facts;
use super::found::Found;
use super::list::List;
use super::view::{Catalogue, range};
use crate::view::part;
use vin_index::catalogue::{
    ALTERNATIVE, Body, CHARGER_KNOWN, Car, TURBO, Type, body, electric, form, market,
};
use vin_index::zerocopy::little_endian::U32;

/// What a contradiction costs. Bigger ones outweigh any sum of smaller ones that occurs; the
/// figures were chosen on decoded cars with known labels.
mod cost {
    pub const DISPLACEMENT: u16 = 32;
    pub const NEAR_DISPLACEMENT: u16 = 12;
    pub const FUEL: u16 = 60;
    pub const CYLINDERS: u16 = 30;
    pub const ELECTRIC: u16 = 24;
    /// Electrified, and the decode does not say so.
    pub const UNSAID_ELECTRIC: u16 = 7;
    pub const MODEL: u16 = 16;
    pub const DRIVE: u16 = 14;
    pub const GEARBOX: u16 = 14;
    pub const NEAR_GEARBOX: u16 = 4;
    pub const GEARS: u16 = 6;
    pub const TURBO: u16 = 12;
    pub const BODY: u16 = 9;
    /// Power that differs by more than a tenth.
    pub const POWER: u16 = 6;
    /// Four doors against five.
    pub const TAILGATE: u16 = 3;
    /// What the right body, named by the car, is worth.
    pub const SAME_BODY: u16 = 2;
    /// Words of the car that the decode does not hold, however many.
    pub const MISSING_WORDS: i16 = 3;
    /// What a word that the decode holds is worth.
    pub const WORD: i16 = 4;
    /// What all cars begin with, so that words cannot make it negative.
    pub const START: u16 = 60;
    /// A car with more than this beyond the start contradicts the facts.
    pub const MOST: u16 = 44;
}

/// How far displacements of one engine are apart in mL: sources round to 0.1 L.
const SAME_ENGINE: u16 = 60;
/// The same for those that one of them misstates.
const NEAR_ENGINE: u16 = 110;

impl<'p> Catalogue<'p> {
    /// The cars and bodies that `facts` leave.
    pub fn search(&self, facts: &Facts) -> Found<'p> {
        let mut found = Found::new(*self);
        let Some(kind) = self.type_of_model(facts.model) else {
            return found;
        };
        found.kind = Some(kind);
        self.cars_of(kind, facts, &mut found.cars);
        self.bodies_of(kind, facts, &mut found.bodies);
        // Sources list some long or special forms under the name of another series.
        let mut others = self.also(kind);
        while found.cars.as_slice().is_empty()
            && let Some(other) = others.next()
        {
            self.cars_of(other, facts, &mut found.cars);
        }
        found
    }

    /// The car alone, and the bodies that it can have.
    pub fn only(&self, car: &'p Car) -> Found<'p> {
        let mut found = Found::new(*self);
        if let (Some(kind), Some(at)) = (self.kind(car.kind), self.car_index(car)) {
            found.kind = Some(kind);
            found.cars.push(at);
            let mut facts = Facts::default();
            facts.model = car.model.get();
            facts.year = car.year.get();
            facts.body = car.body.get();
            facts.doors = car.doors;
            self.bodies_of(kind, &facts, &mut found.bodies);
        }
        found
    }

    /// Cars of one series, without sizes; `None` when they are more than a search keeps.
    pub(super) fn of_cars(&self, cars: &[&'p Car]) -> Option<Found<'p>> {
        let mut found = Found::new(*self);
        for car in cars {
            found.kind = self.kind(car.kind);
            found.cars.push(self.car_index(car)?);
        }
        (found.cars.as_slice().len() == cars.len()).then_some(found)
    }

    fn cars_of(&self, kind: &Type, facts: &Facts, left: &mut List) {
        let cars = self.cars(kind);
        let from = cars.partition_point(|car| car.year.get() < facts.year);
        let of_year = cars[from..]
            .iter()
            .take_while(|car| car.year.get() == facts.year);
        let base = kind.cars.at.get() + from as u32;
        let mut least = cost::START + cost::MOST;
        for (car, at) in of_year.zip(base..) {
            if market(car.source) != facts.market {
                continue;
            }
            let cost = self.cost(car, facts);
            if cost < least {
                least = cost;
                left.clear();
            }
            if cost == least {
                left.push(at);
            }
        }
    }

    fn cost(&self, car: &Car, facts: &Facts) -> u16 {
        let mut cost = cost::START;
        if car.model.get() != facts.model {
            cost += cost::MODEL;
        }
        let volume = car.displacement.get();
        let mut another_engine = false;
        if volume > 0 && facts.displacement > 0 {
            let apart = volume.abs_diff(facts.displacement);
            if apart > NEAR_ENGINE {
                cost += cost::DISPLACEMENT;
                another_engine = true;
            } else if apart > SAME_ENGINE {
                cost += cost::NEAR_DISPLACEMENT;
            }
        }
        if facts.fuels != 0 && car.fuel != 0 && !holds(facts.fuels, car.fuel) {
            cost += cost::FUEL;
        }
        if car.cylinders != 0 && facts.cylinders != 0 && car.cylinders != facts.cylinders {
            cost += cost::CYLINDERS;
            another_engine = true;
        }
        cost += electric_cost(car.electric, facts.electric);
        if car.drive != 0 && facts.drives != 0 && !holds(facts.drives.into(), car.drive) {
            cost += cost::DRIVE;
        }
        if car.gearbox != 0 && facts.gearboxes != 0 && !holds(facts.gearboxes.into(), car.gearbox) {
            cost += match holds(facts.near_gearboxes.into(), car.gearbox) {
                true => cost::NEAR_GEARBOX,
                false => cost::GEARBOX,
            };
        }
        if car.gears != 0 && facts.gears != 0 && car.gears != facts.gears {
            cost += cost::GEARS;
        }
        if let (Some(turbo), true) = (facts.turbo, car.charger & CHARGER_KNOWN != 0)
            && turbo != (car.charger & TURBO != 0)
        {
            cost += cost::TURBO;
        }
        let (power, of_facts) = (car.power.get(), facts.power);
        if power > 0 && of_facts > 0 && power.abs_diff(of_facts) > of_facts / 10 {
            cost += cost::POWER;
        }
        let body = car.body.get();
        if body != 0 && facts.body != 0 {
            match body & facts.body {
                0 => cost += cost::BODY,
                _ => cost -= cost::SAME_BODY,
            }
        }
        if car.doors != 0 && facts.doors != 0 && car.doors != facts.doors {
            // Four doors and a tailgate are five to some.
            let same_sides = car.doors / 2 == facts.doors / 2;
            cost += if same_sides {
                cost::TAILGATE
            } else {
                cost::BODY
            };
        }
        let (words, held) = self.word_cost(car, facts);
        // A decode may misstate the engine; only a name like xDrive30i can prove that.
        if another_engine && !held {
            return u16::MAX;
        }
        cost.saturating_add_signed(words)
    }

    /// What the words add or take away, and whether any is held.
    fn word_cost(&self, car: &Car, facts: &Facts) -> (i16, bool) {
        let (held, missing) = held(self.words_of(car), facts);
        let cost = if missing { cost::MISSING_WORDS } else { 0 };
        (cost - held * cost::WORD, held > 0)
    }

    fn bodies_of(&self, kind: &Type, facts: &Facts, left: &mut List) {
        let bodies = range(self.bodies, kind.bodies);
        let mut least = u16::MAX;
        for (body, at) in bodies.iter().zip(kind.bodies.at.get()..) {
            let Some(cost) = self.body_cost(body, facts) else {
                continue;
            };
            if cost < least {
                least = cost;
                left.clear();
            }
            if cost == least {
                left.push(at);
            }
        }
        // A decode may misstate the wheelbase. Of pick-ups and vans the tables lack too many.
        let tells = facts.wheelbase > 0 && facts.body & (body::PICKUP | body::VAN) == 0;
        if left.as_slice().is_empty() && tells {
            let mut without = *facts;
            without.wheelbase = 0;
            self.bodies_of(kind, &without, left);
        }
    }

    /// What contradicts the facts in a body; `None` when it is not of the year, or is for cars
    /// with words that the facts do not hold.
    fn body_cost(&self, body: &Body, facts: &Facts) -> Option<u16> {
        let cost = body_cost(body, facts)?;
        if body.words == 0 {
            return Some(cost);
        }
        let words = part(self.car_words, body.words_at, usize::from(body.words));
        match held(words, facts) {
            (held, false) => Some(cost.saturating_add_signed(-held * cost::WORD)),
            (_, true) => None,
        }
    }
}

/// How many of the words the facts hold, and whether some are missing; of alternatives one is
/// enough.
fn held(words: &[U32], facts: &Facts) -> (i16, bool) {
    let (mut count, mut missing) = (0, false);
    let mut at = 0;
    while at < words.len() {
        let mut held = false;
        let first = at;
        while at < words.len() && (at == first || words[at].get() & ALTERNATIVE != 0) {
            held |= facts.has(words[at].get() & !ALTERNATIVE);
            at += 1;
        }
        count += i16::from(held);
        missing |= !held;
    }
    (count, missing)
}

/// Whether a set of bits holds a code; a damaged pack may have any.
fn holds(set: u16, code: u8) -> bool {
    set.checked_shr(code.into())
        .is_some_and(|bits| bits & 1 == 1)
}

fn electric_cost(car: u8, fact: u8) -> u16 {
    use electric::{HYBRID, MILD, NONE, SOME};
    let hybrid = |code: u8| matches!(code, MILD | HYBRID | SOME);
    match (car, fact) {
        (NONE, NONE) => 0,
        // A decode of a mild hybrid says nothing as a rule, one of another hybrid often.
        (MILD, NONE) | (NONE, MILD) => 0,
        (_, NONE) => cost::UNSAID_ELECTRIC,
        (a, b) if a == b || hybrid(a) && hybrid(b) => 0,
        // The decode's "hybrid" may be one with a plug.
        (electric::PLUG_IN, SOME) => cost::UNSAID_ELECTRIC,
        _ => cost::ELECTRIC,
    }
}

/// The years beyond its list for which a body still counts when the wheelbase proves it.
const YEARS_BEYOND: u16 = 2;
/// How far wheelbases of one body are apart in mm: half an inch of rounding.
const SAME_WHEELBASE: u16 = 13;
/// From how far on they are of different bodies.
const ANOTHER_WHEELBASE: u16 = 40;

/// What contradicts the facts in a body; `None` when it is not of the year.
fn body_cost(body: &Body, facts: &Facts) -> Option<u16> {
    let (year, wheelbase) = (facts.year, body.wheelbase.get());
    let apart = wheelbase.abs_diff(facts.wheelbase);
    let known = wheelbase > 0 && facts.wheelbase > 0;
    let away = body.from.get().saturating_sub(year) + year.saturating_sub(body.to.get());
    let proven = known && apart <= SAME_WHEELBASE;
    let another = known && apart > ANOTHER_WHEELBASE;
    if another || away > 0 && !(proven && away <= YEARS_BEYOND) {
        return None;
    }
    let mut cost = cost::START + 20 * away;
    if body.model.get() != 0 && body.model.get() != facts.model {
        cost += cost::MODEL;
    }
    if known && !proven {
        cost += 5;
    }
    let form = body.body.get();
    if facts.body != 0 && form & facts.body == 0 {
        cost += match form {
            0 => cost::SAME_BODY,
            _ => cost::BODY,
        };
    }
    if body.cab != 0 && facts.cab != 0 && body.cab != facts.cab {
        cost += cost::BODY;
    }
    if body.doors != 0 && facts.doors != 0 {
        // A tailgate is a door to some.
        cost += match body.doors.abs_diff(facts.doors) {
            0 => 0,
            1 => 1,
            _ => 6,
        };
    }
    for of in [form::ANY_WHEELBASE, form::ANY_BED] {
        let (one, other) = (body.forms.get() & of, facts.forms & of);
        if one != 0 && other != 0 && one & other == 0 {
            cost += 6;
        }
    }
    if body.drives != 0 && facts.drives != 0 && facts.drives & body.drives == 0 {
        cost += 3;
    }
    Some(cost)
}
