import django.db.models.deletion
import yingshang.kernel.refs
import yingshang.kernel.times
import yingshang.squashed
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('parties', '0001_initial'), ('parties', '0002_relation_times')]

    initial = True

    dependencies = [
    ]

    operations = [
        yingshang.squashed.CreateTables(
            tables=[migrations.CreateModel(
                name='Person',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('name', models.CharField(max_length=60, verbose_name='姓名')),
                    ('id_digest', models.CharField(blank=True, max_length=64, null=True, unique=True)),
                    ('phone', models.CharField(blank=True, max_length=20, verbose_name='手机')),
                    ('email', models.EmailField(blank=True, max_length=254, verbose_name='邮箱')),
                ],
            ), migrations.CreateModel(
                name='Role',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(max_length=60, unique=True)),
                    ('label', models.CharField(max_length=60)),
                    ('label_en', models.CharField(blank=True, max_length=80)),
                    ('permissions', models.JSONField(default=list)),
                    ('additions', models.JSONField(default=dict)),
                    ('party', models.CharField(choices=[('organ', '机构'), ('subject', '办事主体')], default='organ', max_length=10)),
                    ('is_reserved', models.BooleanField(default=False)),
                ],
            ), migrations.CreateModel(
                name='Organ',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(blank=True, null=True, verbose_name='生效日期')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='截止日期')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('key', models.CharField(max_length=60, unique=True, verbose_name='标识')),
                    ('name', models.CharField(max_length=80, verbose_name='名称')),
                    ('short_name', models.CharField(blank=True, max_length=40, verbose_name='简称')),
                    ('name_en', models.CharField(blank=True, max_length=120, verbose_name='英文名称')),
                    ('type', models.CharField(choices=[('district', '区级领导机关'), ('department', '区级部门'), ('street', '街道'), ('town', '镇'), ('park', '园区'), ('court', '司法机关'), ('vertical', '垂直管理部门'), ('state_firm', '国有企业'), ('utility', '公用事业单位'), ('centre', '服务中心'), ('mass', '人民团体'), ('other', '其他单位')], max_length=20, verbose_name='类型')),
                    ('division', models.CharField(help_text='GB/T 2260', max_length=12, verbose_name='行政区划代码')),
                    ('credit_code', models.CharField(blank=True, max_length=18, verbose_name='统一社会信用代码')),
                    ('order', models.PositiveIntegerField(default=1000)),
                    ('successor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='parties.organ')),
                ],
                options={
                    'ordering': ('order', 'key'),
                },
            ), migrations.CreateModel(
                name='Account',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('username', models.CharField(max_length=60, unique=True, verbose_name='用户名')),
                    ('is_active', models.BooleanField(default=True)),
                    ('created_at', models.DateTimeField(auto_now_add=True)),
                    ('must_change_password', models.BooleanField(default=False)),
                    ('session_epoch', models.PositiveIntegerField(default=0)),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='parties.person')),
                ],
                options={
                    'abstract': False,
                },
            ), migrations.CreateModel(
                name='Subject',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(blank=True, null=True, verbose_name='生效日期')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='截止日期')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('type', models.CharField(choices=[('enterprise', '企业'), ('self_employed', '个体工商户'), ('person', '自然人'), ('project', '项目'), ('site', '场所')], max_length=20, verbose_name='类型')),
                    ('name', models.CharField(max_length=120, verbose_name='名称')),
                    ('code', models.CharField(blank=True, max_length=18, null=True, unique=True, verbose_name='统一社会信用代码')),
                    ('division', models.CharField(blank=True, max_length=12, verbose_name='行政区划代码')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('type', 'enterprise'), _negated=True), ('code__isnull', False), _connector='OR'), name='an_enterprise_has_a_code')],
                },
            ), migrations.CreateModel(
                name='SubjectRelation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(blank=True, null=True, verbose_name='生效日期')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='截止日期')),
                    ('type', models.CharField(max_length=40)),
                    ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relations_out', to='parties.subject')),
                    ('target', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='relations_in', to='parties.subject')),
                    ('recorded_at', models.DateTimeField(default=yingshang.kernel.times.now)),
                    ('superseded_at', models.DateTimeField(blank=True, null=True)),
                ],
                options={
                    'abstract': False,
                },
            ), migrations.CreateModel(
                name='OrganAlias',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=80, verbose_name='别名')),
                    ('division', models.CharField(max_length=12, verbose_name='行政区划代码')),
                    ('is_group', models.BooleanField(default=False, verbose_name='集合名称')),
                    ('members', models.ManyToManyField(blank=True, related_name='group_aliases', to='parties.organ')),
                    ('organ', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='parties.organ')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('division', 'name'), name='one_meaning_per_name_and_division')],
                },
            ), migrations.CreateModel(
                name='OrganRelation',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(blank=True, null=True, verbose_name='生效日期')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='截止日期')),
                    ('type', models.CharField(choices=[('administrative', '行政隶属'), ('professional', '业务指导'), ('delegated', '委托')], max_length=20)),
                    ('lower', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='upper_relations', to='parties.organ')),
                    ('upper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lower_relations', to='parties.organ')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('upper', 'lower', 'type', 'valid_from'), name='one_relation_per_start'), models.CheckConstraint(condition=models.Q(('upper', models.F('lower')), _negated=True), name='no_organ_under_itself')],
                },
            ), migrations.CreateModel(
                name='Mandate',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('valid_from', models.DateField(blank=True, null=True, verbose_name='生效日期')),
                    ('valid_to', models.DateField(blank=True, null=True, verbose_name='截止日期')),
                    ('ref', models.CharField(default=yingshang.kernel.refs.new_ref, max_length=24, unique=True)),
                    ('kind', models.CharField(choices=[('ordinary', '一般授权'), ('legal_representative', '法定代表人'), ('administrator', '破产管理人')], default='ordinary', max_length=24, verbose_name='授权性质')),
                    ('assurance', models.PositiveSmallIntegerField(default=1)),
                    ('ground', models.CharField(blank=True, max_length=200, verbose_name='授权依据')),
                    ('revoked_at', models.DateTimeField(blank=True, null=True)),
                    ('granted_under', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='granted', to='parties.mandate')),
                    ('organ', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mandates', to='parties.organ')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandates', to='parties.person')),
                    ('roles', models.ManyToManyField(related_name='mandates', to='parties.role')),
                    ('subject', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mandates', to='parties.subject')),
                ],
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('organ__isnull', False), ('subject__isnull', True)), models.Q(('organ__isnull', True), ('subject__isnull', False)), _connector='OR'), name='a_mandate_is_for_one_party')],
                },
            )],
        ),
    ]
