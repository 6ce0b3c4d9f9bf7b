"""People for tests."""

from typing import Any

import factory

from shop.accounts.models import User

PASSWORD = "a-long-enough-password"


class UserFactory(factory.django.DjangoModelFactory[User]):
    """A user who can log in with ``PASSWORD``; ``AdminFactory`` may do everything."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    first_name = "Ann"
    last_name = "Archer"

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        password = kwargs.pop("password", PASSWORD)
        return model_class.objects.create_user(password=password, **kwargs)


class AdminFactory(UserFactory):
    is_staff = True
    is_superuser = True
