//! What may be asked on top of what must be: a share of the calls, saved up to a limit.

/// An allowance that grows by a share of every call.
#[derive(Clone, Debug)]
pub struct Budget {
    /// Thousandths of a call.
    saved: u32,
    /// Thousandths that every call adds.
    share: u32,
    most: u32,
}

impl Budget {
    /// `share` thousandths of the calls, at most `burst` of them at once.
    pub const fn new(share: u32, burst: u32) -> Self {
        let most = burst.saturating_mul(1000);
        Self {
            saved: most,
            share,
            most,
        }
    }

    /// A call was made that had to be made.
    pub const fn earn(&mut self) {
        let saved = self.saved.saturating_add(self.share);
        self.saved = if saved < self.most { saved } else { self.most };
    }

    /// Whether one more may be made; it is then paid for.
    pub const fn spend(&mut self) -> bool {
        let may = self.saved >= 1000;
        if may {
            self.saved -= 1000;
        }
        may
    }
}
