"""Who may log in and how: django-allauth with an e-mail address as the name, one login for shoppers and staff.

``STAFF_MFA_REQUIRED=on`` asks everybody who enters the admin for a second step beside the password;
``ADDRESS_ENCRYPTION_KEYS`` encrypts addresses and phone numbers in the database.
"""

from storefront.settings.env import env
from storefront.settings.security import TRUST_PROXY

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# The first one makes new passwords; the others are still understood and replaced when their owner logs in.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Seconds for which the link to a new password works.
PASSWORD_RESET_TIMEOUT = 3 * 3600

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "accounts:overview"
LOGOUT_REDIRECT_URL = "/"

# The admin's login is the shop's; Wagtail's own screens for it are not reachable (storefront/urls.py).
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False

STAFF_MFA_REQUIRED = env.bool("STAFF_MFA_REQUIRED", default=False)

# Keys for what is encrypted in the database (cms/encryption.py): the first one encrypts, all decrypt. Without any, one
# follows from SECRET_KEY.
ADDRESS_ENCRYPTION_KEYS = env.list("ADDRESS_ENCRYPTION_KEYS", default=[])

ACCOUNT_ADAPTER = "shop.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# Nobody is in before the address is theirs; that also lets sign-up answer the same for an address that is taken.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
# One address for one account: a new one replaces it once it is confirmed.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 5 * 60  # seconds
ACCOUNT_FORMS = {
    "login": "shop.accounts.forms.LoginForm",
    "signup": "shop.accounts.forms.SignupForm",
    "reset_password": "shop.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "shop.accounts.forms.ResetPasswordKeyForm",
    "change_password": "shop.accounts.forms.ChangePasswordForm",
    "set_password": "shop.accounts.forms.SetPasswordForm",
    "add_email": "shop.accounts.forms.ChangeEmailForm",
    "reauthenticate": "shop.accounts.forms.ReauthenticateForm",
}
# Passwords at the login have limits of our own (shop/accounts/limits.py); "login_failed" counts codes of the second
# step, for each account.
ACCOUNT_RATE_LIMITS = {
    "login": None,
    "login_failed": "10/5m/key",
    "reauthenticate": "10/5m/user",
    "change_password": "10/5m/user",
    "manage_email": "10/5m/user",
    "reset_password": "20/5m/ip,5/5m/key",
    "reset_password_from_key": "10/5m/ip",
    "signup": "20/5m/ip",
}

MFA_ADAPTER = "shop.accounts.adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# A phone's clock may be half a minute off; a code is good for once whatever the clock says (shop/accounts/codes.py).
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "shop.accounts.mfa_forms.AuthenticateForm",
    "reauthenticate": "shop.accounts.mfa_forms.ReauthenticateCodeForm",
    "activate_totp": "shop.accounts.mfa_forms.ActivateTOTPForm",
    "authenticate_webauthn": "shop.accounts.mfa_forms.AuthenticatePasskeyForm",
    "reauthenticate_webauthn": "shop.accounts.mfa_forms.ReauthenticatePasskeyForm",
    "login_webauthn": "shop.accounts.mfa_forms.LoginPasskeyForm",
    "add_webauthn": "shop.accounts.mfa_forms.AddPasskeyForm",
}
MFA_RATE_LIMITS = {"webauthn_login": "10/5m/ip"}

ALLAUTH_TRUSTED_PROXY_COUNT = 1 if TRUST_PROXY else 0
