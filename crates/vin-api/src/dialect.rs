//! The envelopes of one look-up: our own, and those of two services whose clients are pointed here
//! by changing the host alone.
//!
//! The question, the charge and the vehicle are the same in each; only codes and shape differ.

use crate::cause::{CAUSES, Cause};
use crate::code::Code;
use crate::envelope::Failure;
use crate::fault::Fault;
use crate::json;
use vin_core::Lang;
use vin_service::Refusal;

/// An envelope, with the path that it is spoken on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// `{"code":200,"msg":…,"data":{…}}` on `/api/vin/get`.
    Own,
    /// `{"status":0,"msg":"ok","result":{…}}` on `/vin/query`.
    Jisuapi,
    /// `{"success":true,"code":200,"msg":…,"data":{…}}` on `/v4/vin2/query`.
    Apistd,
}

impl Dialect {
    /// Every envelope.
    pub const ALL: [Self; 3] = [Self::Own, Self::Jisuapi, Self::Apistd];

    /// Where it is spoken.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Own => "/api/vin/get",
            Self::Jisuapi => "/vin/query",
            Self::Apistd => "/v4/vin2/query",
        }
    }

    /// The envelope of a path; below no other is it anything but our own.
    pub fn of(path: &str) -> Self {
        let of_path = Self::ALL.into_iter().find(|one| one.path() == path);
        of_path.unwrap_or(Self::Own)
    }

    /// Begins the envelope of a found vehicle, up to its data.
    pub(crate) fn found(self, out: &mut Vec<u8>, lang: Lang) {
        let msg = match self {
            Self::Jisuapi => "ok",
            Self::Own | Self::Apistd => Code::Found.spec().msg.get(lang),
        };
        self.begin(out, self.number(Cause::Code(Code::Found)), msg);
    }

    /// Writes the envelope of a failure, whole.
    pub(crate) fn failed(self, out: &mut Vec<u8>, failure: &Failure, lang: Lang) {
        self.begin(out, self.number(cause(failure)), &failure.msg(lang));
        out.extend_from_slice(match self {
            Self::Jisuapi => b"\"\"}",
            Self::Own | Self::Apistd => b"null}",
        });
    }

    fn begin(self, out: &mut Vec<u8>, number: u16, msg: &str) {
        out.extend_from_slice(match self {
            Self::Own => b"{\"code\":",
            Self::Jisuapi => b"{\"status\":",
            Self::Apistd if number == 200 => b"{\"success\":true,\"code\":",
            Self::Apistd => b"{\"success\":false,\"code\":",
        });
        json::int(out, number.into());
        out.extend_from_slice(b",\"msg\":");
        json::string(out, msg);
        out.extend_from_slice(match self {
            Self::Jisuapi => b",\"result\":",
            Self::Own | Self::Apistd => b",\"data\":",
        });
    }

    /// The number that it has for a cause.
    pub fn number(self, cause: Cause) -> u16 {
        let row = CAUSES.iter().find(|row| row.cause == cause);
        match (self, row) {
            (Self::Own, Some(row)) => row.own.spec().number,
            (Self::Jisuapi, Some(row)) => row.jisuapi,
            (Self::Apistd, Some(row)) => row.apistd,
            // The test of the table walks every code.
            (_, None) => Code::Fault.spec().number,
        }
    }
}

/// The cause of a failure.
fn cause(failure: &Failure) -> Cause {
    match failure {
        Failure::Fault(Fault::NoKey) => Cause::NoKey,
        Failure::Fault(Fault::NoVin) => Cause::NoVin,
        Failure::Fault(Fault::Vin(_)) => Cause::BadVin,
        Failure::Refusal(Refusal::ExpiredKey) => Cause::Expired,
        Failure::Refusal(Refusal::TooFast(pace))
            if pace.day.is_some_and(|day| day.remaining == 0) =>
        {
            Cause::DayUsedUp
        }
        other => Cause::Code(other.code()),
    }
}
