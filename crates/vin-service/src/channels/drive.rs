//! Leads one question from channel to channel, and records every attempt whatever happens to it.

use super::{MOST_FUSED, Open, Plan, Roster, Routed, TOTAL, Told};
use crate::meter::Hold;
use crate::{OrderNumber, Question, Service};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use std::sync::Arc;
use std::time::Duration;
use vin_channel::route::{Ask, Decision, Draw, Policy, Walk};
use vin_channel::{Billed, Channel, Fault, FaultKind, Found, Outcome, Query, level};
use vin_core::{FieldId, Level, Vehicle};
use vin_store::{ASKED, Attempt, Bill, LotId};

/// A walk under way. Whatever ends it, its attempts are recorded.
struct Trip<'s> {
    service: &'s Service,
    roster: Arc<Roster>,
    walk: Walk,
    order: OrderNumber,
    lot: LotId,
}

impl Service {
    /// Asks the channels about a vehicle that our engine did not know well enough; `open` is what
    /// [`Looked::Open`](crate::Looked::Open) said. There is one hold for all attempts; none of them is
    /// charged to the caller.
    pub async fn ask_around(
        &self,
        question: &Question,
        plan: &Plan,
        order: OrderNumber,
        hold: &Hold,
        open: &Open,
    ) -> Routed {
        let clock = self.accounts().clock().clone();
        let now = || clock.steady();
        let mut seed = [0; 8];
        self.accounts().random().fill(&mut seed);
        let mut draw = Draw::new(u64::from_le_bytes(seed));
        let policy = plan.policy;
        let mut roster = self.channels.roster();
        if let Some(name) = open.only {
            roster = Arc::new(roster.only(name));
        }
        let most = match policy {
            Policy::Fusion => MOST_FUSED,
            Policy::FirstHit | Policy::LocalOnly => usize::MAX,
        };
        let walk = Walk::new(roster.lineup.clone(), &mut draw, now(), TOTAL, most);
        let mut trip = Trip {
            service: self,
            roster: roster.clone(),
            walk,
            order,
            lot: hold.lot(),
        };
        let query = Query {
            vin: question.vin,
            year: question.year,
            lang: question.lang,
            today: question.today,
        };
        let mut lacking = Lacking::of(plan, &open.known);
        let mut hits: Vec<Told> = Vec::new();
        let mut flights = FuturesUnordered::new();
        loop {
            let decision = trip.walk.next(&mut self.channels.board(), now());
            let until = match decision {
                Decision::Ask(ask) => {
                    let channel = &roster.channels[ask.seat];
                    let asked = trip.asked(&ask);
                    let query = &query;
                    flights.push(async move {
                        let outcome = self.ask(channel, query, asked, ask.timeout).await;
                        (ask.attempt, ask.seat, outcome)
                    });
                    continue;
                }
                Decision::Wait(until) => until,
                Decision::Finish => break,
            };
            let rest = until.saturating_sub(now()) + Duration::from_millis(1);
            let ended = match flights.is_empty() {
                true => {
                    tokio::time::sleep(rest).await;
                    None
                }
                false => tokio::time::timeout(rest, flights.next())
                    .await
                    .ok()
                    .flatten(),
            };
            let Some((attempt, seat, outcome)) = ended else {
                continue;
            };
            let outcome = own(outcome);
            let enough = self.is_good(policy, &outcome, &mut lacking);
            let mut board = self.channels.board();
            trip.walk
                .ended(&mut board, attempt, &outcome, enough, now());
            drop(board);
            if let Outcome::Hit(found) = outcome {
                let facts = roster.channels[seat].facts();
                hits.push(Told {
                    name: facts.name,
                    trust: facts.trust,
                    found: *found,
                });
            }
        }
        let verdict = trip.walk.verdict();
        drop(trip);
        self.take_lessons(question, &roster, &hits);
        Routed {
            policy,
            verdict,
            hits,
        }
    }

    /// Asks one channel. What may cost money is on disk as `asked` before anything is sent, so that
    /// even a crash loses no attempt that may have to be paid.
    async fn ask(
        &self,
        channel: &Arc<dyn Channel>,
        query: &Query,
        asked: Option<Attempt>,
        time: Duration,
    ) -> Outcome {
        let clock = self.accounts().clock();
        let began = clock.steady();
        if let Some(asked) = asked
            && !self.meter.asked(asked, time).await
        {
            let why = "the database did not take it in time";
            return Outcome::Fault(Fault::new(FaultKind::Unrecorded, why));
        }
        let took = clock.steady().saturating_sub(began);
        channel.ask(query, time.saturating_sub(took)).await
    }

    /// Whether nothing more is wanted after this.
    fn is_good(&self, policy: Policy, outcome: &Outcome, lacking: &mut Lacking) -> bool {
        let Outcome::Hit(found) = outcome else {
            return false;
        };
        lacking.good |= found.level >= self.channels.good;
        lacking.fields.retain(|field| !found.vehicle.knows(*field));
        lacking.good && (policy != Policy::Fusion || lacking.fields.is_empty())
    }
}

/// What is still wanted of the channels.
pub(super) struct Lacking {
    /// Whether a good answer is there.
    good: bool,
    fields: Vec<FieldId>,
}

impl Lacking {
    fn of(plan: &Plan, known: &[FieldId]) -> Self {
        let wanted = plan.wanted.iter().copied();
        let wanted = wanted.filter(|field| !known.contains(field));
        let fusion = plan.policy == Policy::Fusion;
        Self {
            good: fusion && known.contains(&FieldId::TypeName),
            fields: if fusion { wanted.collect() } else { Vec::new() },
        }
    }
}

impl super::Channels {
    /// The wanted fields that an answer of our engine has, and its series.
    pub(crate) fn known(&self, plan: &Plan, vehicle: &Vehicle<'_>, level: Level) -> Vec<FieldId> {
        let wanted = plan.wanted.iter().copied();
        let known = wanted.filter(|field| vehicle.knows(*field));
        let series = (level >= self.good).then_some(FieldId::TypeName);
        known.chain(series).collect()
    }
}

/// An upstream's ids stand for nothing in our catalogue: that of the car is kept as an outside one.
pub(super) fn own(outcome: Outcome) -> Outcome {
    let Outcome::Hit(mut found) = outcome else {
        return outcome;
    };
    let mut vehicle = Vehicle::default();
    for field in vin_core::field::FIELDS {
        let value = found.vehicle.get(field.id).clone();
        match (field.id, value) {
            (_, vin_core::Value::Unknown)
            | (FieldId::TypeId | FieldId::GroupId | FieldId::Vin | FieldId::Logo, _) => {}
            (FieldId::CarId, vin_core::Value::Int(id)) => {
                if id != 0 && !found.vehicle.knows(FieldId::CarIdExternal) {
                    vehicle.set(FieldId::CarIdExternal, id.to_string());
                }
            }
            (id, value) => vehicle.give(id, value),
        }
    }
    vehicle.candidates = std::mem::take(&mut found.vehicle.candidates);
    for car in &mut vehicle.candidates {
        (car.carid, car.typeid) = (0, 0);
    }
    let level = level(&found.vehicle).unwrap_or(found.level);
    Outcome::Hit(Box::new(Found {
        vehicle,
        level,
        ..*found
    }))
}

impl Drop for Trip<'_> {
    fn drop(&mut self) {
        let clock = self.service.accounts().clock();
        let mut board = self.service.channels.board();
        // A client that left, or a deadline: what is under way may be billed all the same.
        self.walk.give_up(&mut board, clock.steady());
        drop(board);
        let attempts = self.attempts();
        if !attempts.is_empty() {
            self.service.meter.attempts(attempts);
        }
    }
}

impl Trip<'_> {
    /// What is recorded once all of it is over.
    fn attempts(&self) -> Vec<Attempt> {
        let log = self.walk.log();
        let asked = log.iter().map(|one| Attempt {
            took_ms: ms(one.took),
            billed: bill(one.cost.billed),
            cost: one.cost.amount,
            detail: one.detail.clone(),
            ..self.row(
                one.seat,
                one.number,
                one.kind.name(),
                one.end.name(),
                one.began,
            )
        });
        // Whoever was passed over and asked later on was asked.
        let was_asked = |seat| log.iter().any(|one| one.seat == seat);
        let passed = self.walk.passed().iter();
        let passed = passed.filter(|one| !was_asked(one.seat));
        let after = u32::try_from(log.len()).unwrap_or(u32::MAX);
        let passed = (after..).zip(passed);
        let passed = passed
            .map(|(number, one)| self.row(one.seat, number, "passed", one.why.name(), one.at));
        asked.chain(passed).collect()
    }

    /// What is recorded before somebody is asked; `None` where that costs nothing.
    fn asked(&self, ask: &Ask) -> Option<Attempt> {
        let lost = self.roster.channels[ask.seat].facts().lost();
        let now = self.service.accounts().clock().steady();
        (lost.amount > 0).then(|| Attempt {
            billed: bill(lost.billed),
            cost: lost.amount,
            ..self.row(ask.seat, ask.attempt, ask.kind.name(), ASKED, now)
        })
    }

    fn row(
        &self,
        seat: usize,
        number: u32,
        kind: &'static str,
        outcome: &'static str,
        since: Duration,
    ) -> Attempt {
        Attempt {
            order: self.order.number(),
            place: number.saturating_add(1),
            at: self.service.accounts().clock().unix(),
            lot: Some(self.lot),
            channel: self.roster.channels[seat].facts().name.to_string(),
            kind: kind.into(),
            began_ms: ms(since.saturating_sub(self.walk.began())),
            took_ms: 0,
            outcome: outcome.into(),
            billed: Bill::No,
            cost: 0,
            detail: String::new(),
        }
    }
}

fn ms(time: Duration) -> u32 {
    u32::try_from(time.as_millis()).unwrap_or(u32::MAX)
}

/// What the books call it.
pub const fn bill(billed: Billed) -> Bill {
    match billed {
        Billed::No => Bill::No,
        Billed::Yes => Bill::Yes,
        Billed::Unknown => Bill::Unknown,
    }
}
