//! Staff, from the command line: how the first administrator comes to be, and the way back in when
//! nobody else is left to open it.

use std::{
    io::{IsTerminal, Read},
    process::ExitCode,
};

use clap::Subcommand;

use super::{CommandError, Outcome, account_name, operator};
use crate::{
    domain::{audit::Actor, id::UserId, role::Role},
    service::{Services, add_user, enrolment, identify, manage_users},
    store,
};

#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// Add a user; asks for the password
    Add {
        email: String,
        /// administrator, coordinator, keyer, facilitator, commissioner or projector
        #[arg(long, default_value = "administrator")]
        role: Role,
        /// Read the password from standard input instead of asking
        #[arg(long)]
        password_stdin: bool,
    },
    /// Add a user without a password, and mail them a link to choose one
    Invite {
        email: String,
        /// administrator, coordinator, keyer, facilitator, commissioner or projector
        #[arg(long)]
        role: Role,
    },
    /// List all users
    List,
    /// Log a user out everywhere, and let them log in no more
    Disable { email: String },
    /// Let a disabled user log in again
    Enable { email: String },
    /// Try the login of a user: the password, and the code of the app or a recovery code
    CheckLogin {
        email: String,
        /// Read from standard input instead of asking: the password, and the code in a second line
        #[arg(long)]
        password_stdin: bool,
    },
    /// Give a user a new second factor, and print its key and recovery codes: for whoever works at the
    /// command line alone
    SecondFactor { email: String },
    /// Take a lost second factor away; the user sets up a new one when they next log in
    ResetSecondFactor { email: String },
}

pub async fn run(services: &Services, command: UserCommand) -> Outcome {
    match command {
        UserCommand::Add {
            email,
            role,
            password_stdin,
        } => add(services, &email, role, password_stdin).await?,
        UserCommand::Invite { email, role } => {
            manage_users::invite(services, &operator(), &email, role).await?;
            println!("Invited as {role}. The link is in a mail to {email}.");
        }
        UserCommand::List => list(services).await?,
        UserCommand::Disable { email } => {
            let user = find(services, &email).await?;
            manage_users::disable(services, &operator(), user).await?;
            println!("{email} cannot log in any more.");
        }
        UserCommand::Enable { email } => {
            let user = find(services, &email).await?;
            manage_users::enable(services, &operator(), user).await?;
            println!("{email} may log in again.");
        }
        UserCommand::CheckLogin {
            email,
            password_stdin,
        } => {
            let actor = sign_in(services, &email, password_stdin).await?;
            println!("This is {}, {}.", actor.who, actor.role_text());
        }
        UserCommand::SecondFactor { email } => {
            let user = find(services, &email).await?;
            let factor = enrolment::give(services, &operator(), user).await?;
            println!(
                "Key for an authenticator app: {}",
                factor.secret.in_blocks()
            );
            println!("Recovery codes; each works once in the place of a code of the app:");
            for code in &factor.codes {
                println!("{code}");
            }
            eprintln!("These are shown this once: keep them where {email} alone finds them.");
        }
        UserCommand::ResetSecondFactor { email } => {
            let user = find(services, &email).await?;
            manage_users::reset_second_factor(services, &operator(), user).await?;
            println!("{email} sets up a second factor anew when they next log in.");
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn add(
    services: &Services,
    email: &str,
    role: Role,
    from_stdin: bool,
) -> Result<(), CommandError> {
    let password = if from_stdin {
        read_stdin()?
    } else {
        ask_twice()?
    };
    add_user::add_user(services, &operator(), email, password, role).await?;
    println!("Added as {role}. They log in at /staff/login.");
    if role.needs_second_factor() {
        println!("At their first login they set up an authenticator app.");
    }
    Ok(())
}

async fn list(services: &Services) -> Result<(), CommandError> {
    for account in store::staff::all(&services.db).await? {
        let state = match (account.is_disabled, &account.password_hash) {
            (true, _) => "disabled",
            (false, None) => "invited",
            (false, Some(_)) => "active",
        };
        let factor = if account.sealed_secret.is_some() {
            "second factor"
        } else {
            "no second factor"
        };
        let (email, role) = (&account.user.email, account.user.role);
        println!("{email}\t{role}\t{state}\t{factor}");
    }
    Ok(())
}

async fn find(services: &Services, email: &str) -> Result<UserId, CommandError> {
    let email = email.trim().to_lowercase();
    let found = store::staff::by_email(&services.db, &email).await?;
    let account = found.ok_or("there is no user with this e-mail address: see `user list`")?;
    Ok(account.user.id)
}

/// A member of staff shows who they are, for an act that has to be theirs. From standard input the
/// first line is the password, and the second the code of the app or a recovery code.
pub async fn sign_in(
    services: &Services,
    email: &str,
    password_stdin: bool,
) -> Result<Actor, CommandError> {
    let (password, code) = if password_stdin {
        let text = read_stdin()?;
        let (password, code) = text.split_once('\n').unwrap_or((&text, ""));
        (
            password.trim_end_matches('\r').to_owned(),
            Some(code.to_owned()),
        )
    } else {
        need_terminal()?;
        (rpassword::prompt_password("Your password: ")?, None)
    };
    let person = identify::password(services, &operator(), email, password).await?;
    let code = match code {
        Some(code) => code,
        None if person.needs_code() => rpassword::prompt_password("Code of your app: ")?,
        None => String::new(),
    };
    let user = identify::code(services, person, &code).await?;
    let account = account_name();
    Ok(Actor::staff_at_command_line(
        user.id,
        &user.email,
        user.role,
        &account,
    ))
}

fn read_stdin() -> Result<String, CommandError> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

fn need_terminal() -> Result<(), CommandError> {
    if std::io::stdin().is_terminal() {
        Ok(())
    } else {
        Err("there is no terminal to ask on: pass the password with --password-stdin".into())
    }
}

fn ask_twice() -> Result<String, CommandError> {
    need_terminal()?;
    let first = rpassword::prompt_password("Password (12 characters or more): ")?;
    let second = rpassword::prompt_password("The same again: ")?;
    if first == second {
        Ok(first)
    } else {
        Err("the two are not the same".into())
    }
}
