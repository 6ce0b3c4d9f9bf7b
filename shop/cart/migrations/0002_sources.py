from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cart", "0001_initial")]

    operations = [migrations.AddField("savedcart", "sources", models.JSONField(default=list, db_default=[]))]
