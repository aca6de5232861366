import django.db.models.deletion
import yingshang.kernel.refs
import yingshang.squashed
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('api', '0001_tokens_and_keys')]

    initial = True

    dependencies = [
        ('parties', '__first__'),
    ]

    operations = [
        yingshang.squashed.CreateTables(
            tables=[migrations.CreateModel(
                name='AccessToken',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('name', models.CharField(max_length=60)),
                    ('digest', models.CharField(max_length=64, unique=True)),
                    ('hint', models.CharField(max_length=8)),
                    ('scopes', models.JSONField(default=list)),
                    ('writes', models.BooleanField(default=False)),
                    ('created_at', models.DateTimeField()),
                    ('expires_on', models.DateField()),
                    ('revoked_at', models.DateTimeField(null=True)),
                    ('last_used_at', models.DateTimeField(null=True)),
                    ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tokens', to=settings.AUTH_USER_MODEL)),
                    ('mandate', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='parties.mandate')),
                ],
                options={
                    'indexes': [models.Index(fields=['account', '-id'], name='tokens_of_an_account')],
                },
            ), migrations.CreateModel(
                name='KeyedRequest',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('actor', models.CharField(max_length=120)),
                    ('operation', models.CharField(max_length=80)),
                    ('key', models.CharField(max_length=80)),
                    ('digest', models.CharField(max_length=64)),
                    ('started_at', models.DateTimeField(db_index=True)),
                    ('finished_at', models.DateTimeField(null=True)),
                    ('status', models.PositiveSmallIntegerField(null=True)),
                    ('version', models.CharField(blank=True, max_length=20)),
                    ('body', models.TextField(blank=True)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('actor', 'operation', 'key'), name='one_answer_per_key')],
                },
            ), migrations.CreateModel(
                name='TokenUse',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('operation', models.CharField(max_length=80)),
                    ('day', models.DateField()),
                    ('first_at', models.DateTimeField()),
                    ('last_at', models.DateTimeField()),
                    ('address', models.GenericIPAddressField(null=True)),
                    ('token', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uses', to='api.accesstoken')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('token', 'day', 'operation'), name='one_use_per_operation_and_day')],
                },
            )],
        ),
    ]
