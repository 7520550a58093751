//! What vehicle is it: our engine first, then what was learned, then the channels.

use crate::catalogue::brand_of;
use crate::channels::compose;
use crate::meter::Hold;
use crate::{Question, Refusal, Routed, Service, Way};
use std::borrow::Cow;
use vin_channel::route::Verdict;
use vin_core::{Answer, FieldId, Level};
use vin_engine::{Ask, Engine};

/// An answer that is to be shown: it borrows from the decoder.
pub struct Shown<'s, 'e> {
    /// The vehicle.
    pub answer: &'s mut Answer<'e>,
    /// The id of its brand in the catalogue.
    pub brand: Option<u32>,
    /// Who knew it: `local`, `learned`, the name of a channel, or several joined by `+`.
    pub channel: Cow<'static, str>,
}

/// What our engine made of a question.
pub enum Looked<R> {
    /// It is enough, and was shown.
    Enough(R),
    /// Others are to be asked; the fields that need not be asked for.
    Open(Vec<FieldId>),
}

impl Service {
    /// Who may answer a question that came in on this path and that this call pays for.
    pub fn way(&self, path: &str, hold: &Hold) -> Way {
        self.channels.way(path, hold.policy())
    }

    /// Answers a question from what this process knows; `show` turns the answer into something that
    /// lives on.
    ///
    /// # Errors
    /// [`Refusal::NoVehicle`], when nobody else may be asked.
    pub fn look_up<R>(
        &self,
        question: &Question,
        way: Way,
        show: impl FnOnce(Shown<'_, '_>) -> R,
    ) -> Result<Looked<R>, Refusal> {
        let engine = self.engine_now();
        let found = engine.answer(&question.vin, &ask(question));
        let poor = |answer: &Answer<'_>| answer.matched.level < Level::Type;
        if found.as_ref().is_none_or(poor)
            && let Some(mut answer) = self.learned_answer(&engine, question, found.as_ref())
            && self.channels.is_enough(way, &answer)
        {
            let brand = brand_of(&engine, &answer.vehicle);
            let answer = &mut answer;
            let channel = Cow::Borrowed("learned");
            return Ok(Looked::Enough(show(Shown {
                answer,
                brand,
                channel,
            })));
        }
        let Some(mut answer) = found else {
            return match way {
                Way::Local => Err(Refusal::NoVehicle),
                Way::Channels(_) => Ok(Looked::Open(Vec::new())),
            };
        };
        if !self.channels.is_enough(way, &answer) {
            let known = self.channels.known(&answer.vehicle, answer.matched.level);
            return Ok(Looked::Open(known));
        }
        let brand = brand_of(&engine, &answer.vehicle);
        Ok(Looked::Enough(show(Shown {
            answer: &mut answer,
            brand,
            channel: Cow::Borrowed("local"),
        })))
    }

    fn learned_answer<'e>(
        &self,
        engine: &'e Engine,
        question: &Question,
        found: Option<&Answer<'e>>,
    ) -> Option<Answer<'e>> {
        let learned = self.channels.learned();
        if learned.is_empty() {
            return None;
        }
        let own = || engine.bare(&question.vin, &ask(question));
        let mut answer = found.cloned().unwrap_or_else(own);
        let vin = &question.vin.vin;
        learned
            .answer(vin, &mut answer, question.explain)
            .then_some(answer)
    }

    /// Answers a question from what the channels and our engine know together.
    ///
    /// # Errors
    /// [`Refusal::NoVehicle`] when a channel works and none knows the vehicle; [`Refusal::NoRight`] or
    /// [`Refusal::NoAnswer`] when none works.
    pub fn look_up_with<R>(
        &self,
        question: &Question,
        routed: &Routed,
        show: impl FnOnce(Shown<'_, '_>) -> R,
    ) -> Result<R, Refusal> {
        let engine = self.engine_now();
        let ask = ask(question);
        let found = engine.answer(&question.vin, &ask);
        let known = found.is_some();
        if !known && routed.hits.is_empty() {
            return Err(match routed.verdict {
                Verdict::NoRight => Refusal::NoRight,
                Verdict::Failed => Refusal::NoAnswer,
                Verdict::Hit | Verdict::NoRecord | Verdict::Nobody => Refusal::NoVehicle,
            });
        }
        let mut answer = found.unwrap_or_else(|| engine.bare(&question.vin, &ask));
        let (hits, policy) = (&routed.hits, routed.policy);
        let channel = compose(&mut answer, known, hits, policy, question.explain);
        let brand = brand_of(&engine, &answer.vehicle);
        Ok(show(Shown {
            answer: &mut answer,
            brand,
            channel: channel.into(),
        }))
    }
}

fn ask(question: &Question) -> Ask {
    Ask {
        year: question.year,
        lang: question.lang,
        explain: question.explain,
        today: question.today,
    }
}
