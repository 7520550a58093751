//! Exact conversions of the units that publishers use into ours.

/// Litres per 100 km of one mile per US gallon; divided by the mileage.
pub const L_PER_100_KM_OF_MPG: f64 = 235.2146;
/// 1 inch in mm.
pub const MM_PER_INCH: f64 = 25.4;
/// 1 pound in kg.
pub const KG_PER_POUND: f64 = 0.453_592_37;
/// 1 mechanical horsepower in kW.
pub const KW_PER_HP: f64 = 0.7457;

/// A length in inches as whole mm; `None` for one with more than two decimals, which is the mean
/// over several bodies and so no car's size.
pub fn size(inches: f64) -> Option<f64> {
    let hundredths = inches * 100.0;
    ((hundredths - hundredths.round()).abs() < 1e-6).then(|| (inches * MM_PER_INCH).round())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_over_several_bodies_is_no_size() {
        assert_eq!(size(104.3), Some(2649.0));
        assert_eq!(size(119.38), Some(3032.0));
        assert_eq!(size(233.508_333_3), None);
    }
}
