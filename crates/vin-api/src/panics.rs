//! What happens when our own code panics: one line in the log, with the order number.

use std::cell::Cell;
use std::panic;
use vin_service::OrderNumber;

thread_local! {
    static ORDER: Cell<Option<OrderNumber>> = const { Cell::new(None) };
}

/// Sends panics to the log instead of to standard error. Call it once, at start.
pub fn log_panics() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        let message = info.payload_as_str().unwrap_or("no message");
        let order = ORDER
            .get()
            .map(|order| order.to_string())
            .unwrap_or_default();
        tracing::error!(place, order, "panic: {message}");
    }));
}

/// Runs `work`; a panic in it is logged with the number of the order.
pub fn with_order<R>(order: OrderNumber, work: impl FnOnce() -> R) -> R {
    struct Forget;
    impl Drop for Forget {
        fn drop(&mut self) {
            ORDER.set(None);
        }
    }
    ORDER.set(Some(order));
    let _when_done = Forget;
    work()
}
