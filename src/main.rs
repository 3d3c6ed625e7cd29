use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    countmein::cli::run().await
}
