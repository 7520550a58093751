//! What vehicle is it: our engine first, then what was learned, then the channels.

use crate::catalogue::brand_of;
use crate::channels::{Told, compose};
use crate::meter::Hold;
use crate::{Open, Question, Refusal, Routed, Service, Way};
use std::borrow::Cow;
use vin_channel::ChannelName;
use vin_channel::route::Verdict;
use vin_core::{Answer, Level};
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
    /// Others are to be asked, for this.
    Open(Open),
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
        way: &Way,
        show: impl FnOnce(Shown<'_, '_>) -> R,
    ) -> Result<Looked<R>, Refusal> {
        let engine = self.engine_now();
        let found = engine.answer(&question.vin, &ask(question));
        if let Some((mut answer, teacher)) = self.learned_answer(&engine, question, found.as_ref())
            && self.channels.is_enough(way, &answer)
        {
            if matches!(way, Way::Channels(_)) && self.channels.audits(teacher) {
                let only = Some(teacher);
                let known = Vec::new();
                return Ok(Looked::Open(Open { known, only }));
            }
            let shown = shown(&engine, &mut answer, LEARNED);
            return Ok(Looked::Enough(show(shown)));
        }
        match (found, way) {
            (None, Way::Local) => Err(Refusal::NoVehicle),
            (None, Way::Channels(_)) => Ok(Looked::Open(Open::default())),
            (Some(answer), Way::Channels(plan)) if !self.channels.is_enough(way, &answer) => {
                let level = answer.matched.level;
                let known = self.channels.known(plan, &answer.vehicle, level);
                Ok(Looked::Open(Open { known, only: None }))
            }
            (Some(mut answer), _) => {
                let shown = shown(&engine, &mut answer, Cow::Borrowed("local"));
                Ok(Looked::Enough(show(shown)))
            }
        }
    }

    /// What was learned about a car of which our engine does not know the series, and who taught it.
    fn learned_answer<'e>(
        &self,
        engine: &'e Engine,
        question: &Question,
        found: Option<&Answer<'e>>,
    ) -> Option<(Answer<'e>, ChannelName)> {
        let learned = self.channels.learned();
        let is_poor = |answer: &Answer<'_>| answer.matched.level < Level::Type;
        if learned.is_empty() || !found.is_none_or(is_poor) {
            return None;
        }
        let own = || engine.bare(&question.vin, &ask(question));
        let mut answer = found.cloned().unwrap_or_else(own);
        let vin = &question.vin.vin;
        let teacher = learned.answer(vin, &mut answer, question.explain)?;
        Some((answer, teacher))
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
        let is_poor = |told: &Told| told.found.level < Level::Type;
        if routed.hits.iter().all(is_poor)
            && let Some((mut answer, _)) = self.learned_answer(&engine, question, found.as_ref())
        {
            return Ok(show(shown(&engine, &mut answer, LEARNED)));
        }
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
        Ok(show(shown(&engine, &mut answer, channel.into())))
    }
}

/// Who has answered when a rule did that was learned.
const LEARNED: Cow<'static, str> = Cow::Borrowed("learned");

fn shown<'s, 'e>(
    engine: &Engine,
    answer: &'s mut Answer<'e>,
    channel: Cow<'static, str>,
) -> Shown<'s, 'e> {
    Shown {
        brand: brand_of(engine, &answer.vehicle),
        answer,
        channel,
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
