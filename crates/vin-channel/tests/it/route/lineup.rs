//! Who is asked first, and who not at all.

use super::{TOTAL, facts};
use std::sync::Arc;
use std::time::Duration;
use vin_channel::route::{Board, Decision, Draw, Lineup, Mode, Seat, Walk};
use vin_channel::{ChannelName, Facts, Price};

fn one(mode: Mode) -> Arc<Lineup> {
    let mut draw = Draw::new(1);
    let seat = |name: &str, tier, mode| Seat {
        facts: Facts {
            name: ChannelName::parse(name).expect("a name"),
            price: Price {
                per_call: 0,
                per_hit: 1,
            },
            rate: None,
            ..facts(&mut draw, 0, true)
        },
        mode,
        tier,
        weight: 1,
    };
    let mut seat = seat;
    Arc::new(Lineup {
        seats: vec![seat("a", 0, mode), seat("b", 1, Mode::Enabled)],
    })
}

#[test]
fn a_draining_channel_ends_what_it_has_and_a_disabled_one_is_not_asked_at_all() {
    let mut board = Board::default();
    let mut draw = Draw::new(7);
    let before = one(Mode::Enabled);
    board.seat(&before);
    for (mode, wanted) in [(Mode::Draining, 0), (Mode::Disabled, 1)] {
        let mut old = Walk::new(before.clone(), &mut draw, Duration::ZERO, TOTAL, 8);
        let after = one(mode);
        board.seat(&after);
        let mut new = Walk::new(after, &mut draw, Duration::ZERO, TOTAL, 8);
        for (walk, wanted) in [(&mut old, wanted), (&mut new, 1)] {
            let Decision::Ask(ask) = walk.next(&mut board, Duration::ZERO) else {
                panic!("nobody is asked")
            };
            assert_eq!(ask.seat, wanted, "{mode:?}");
        }
    }
}

#[test]
fn lots_are_drawn_by_weight_within_a_tier() {
    let mut lineup = Lineup::clone(&one(Mode::Enabled));
    (lineup.seats[1].tier, lineup.seats[0].weight) = (0, 3);
    let mut draw = Draw::new(3);
    let first = (0..4_000)
        .filter(|_| lineup.order(&mut draw)[0] == 0)
        .count();
    assert!((2_900..3_100).contains(&first), "{first}");
    lineup.seats[0].weight = 0;
    assert!((0..100).all(|_| lineup.order(&mut draw) == [1, 0]));
}
