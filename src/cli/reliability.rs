//! Reliability of declared measures, from the command line.

use std::process::ExitCode;

use super::Outcome;
use crate::{
    domain::key::WaveKey,
    service::{Services, reliability},
};

pub async fn print(services: &Services, wave: &WaveKey) -> Outcome {
    for (measure, found) in reliability::of_wave(services, wave).await? {
        println!("{measure}");
        match found.alpha {
            Ok(alpha) => println!(
                "  Cronbach's alpha {:.2} (95% range {:.2} to {:.2}), from {:.0} people who answered every statement; {} did not",
                alpha.alpha, alpha.low, alpha.high, alpha.people, alpha.left_out
            ),
            Err(reason) => println!("  no Cronbach's alpha: {reason}"),
        }
        match found.omega {
            Ok(omega) => println!("  omega total {:.2}", omega.omega),
            Err(reason) => println!("  no omega: {reason}"),
        }
    }
    Ok(ExitCode::SUCCESS)
}
